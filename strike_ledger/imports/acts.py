"""Datasets of coded acts: event exports of GDELT, files of ICEWS and of POLECAT.

Read as they come:

- GDELT: tabs and no header; 61 cells (2.0), 58 (1.0), or 57 (1.0 until March 2013, without the
  address of the report). Codebooks: http://data.gdeltproject.org/documentation/. Free for any use
  that cites the GDELT Project and links to it: https://www.gdeltproject.org/about.html#termsofuse
- ICEWS: a header, tabs or (named .csv) commas. The number of an event stands again on another day,
  and whole rows stand twice; the file of 2017 has days such as 1/31/2017 and, in one edition, no
  codes. https://doi.org/10.7910/DVN/28075 has its terms; the faults of its files are told in
  https://github.com/andybega/icews, issues 57, 73, 74 and 80, and in
  https://www.andybeger.com/icews/articles/icews-event-data.html
- POLECAT: tabs and a header, whose order changes and which may name columns that no row has, or end
  in tabs; None stands for nothing. https://doi.org/10.7910/DVN/AJGVIT has its terms; the faults of
  its files are told in https://andybeger.com/blog/2024-05-21-polecat-event-data

| of a row | becomes |
|---|---|
| a use of force: CAMEO groups 18 to 20, PLOVER ASSAULT | an event (`attack`), with day and place |
| any other code | a response, of the kind that seeds/kinds_of_others.csv gives |
| the row | a passage, and a statement of the producer, who read it out of the news |
| source, target | attacker and struck, or actor and addressee; a country or government: its state |
| a part of a state (army, police, parliament ...) | an actor of its own, on behalf of its state |
| place | a location, and the state on whose soil it was |

Nobody is said to be hurt: these datasets do not tell. A row without a source is rejected.

Which event an act answers they do not tell either. The rule here: the latest use of force in the
same import, on the day of the act or at most `answers_within` days before, in which the country of
the act's target attacked or was struck; of several on one day, that with the highest id. An act
of that country itself, and one without a target, answers nothing.
"""

# ruff: noqa: S608  (what goes into the SQL are names of this module and texts that are quoted)

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from strike_ledger.imports import Fault, ImportFailedError, Layout, Plan
from strike_ledger.reading import quoted

ANSWERS_WITHIN = 7  # days
_HERE = Path(__file__).parent
# What an actor is by its role; the first that fits counts, and those of a state act for it. Words
# are sectors of ICEWS, codes of three letters those of CAMEO and PLOVER.
_ROLES = (
    ("government", True, ("Executive", "Cabinet")),
    ("armed_force", True, ("Military", "MIL")),
    ("intelligence_service", True, ("SPY",)),
    ("state_body", True, ("Police", "Judicial", "COP", "JUD")),
    ("parliament", True, ("Legislative / Parliamentary", "LEG")),
    ("government", True, ("Government", "GOV")),
    ("body_of_states", False, ("International Government Organization", "IGO")),
    ("outlet", False, ("Media", "MED")),
    ("armed_group", False, ("Insurgents", "Organized Violent", "Rebel", "Separatists")),
    ("armed_group", False, ("Unidentified Forces", "INS", "REB", "SEP", "UAF")),
    ("population_group", False, ("General Population / Civilian / Social", "CVL")),
    ("population_group", False, ("Refugees / Displaced", "REF")),
    ("company", False, ("Business", "BUS", "MNC")),
)
_LEVELS = {
    "armed_force": "institution",
    "body_of_states": "body",
    "government": "government",
    "intelligence_service": "institution",
    "outlet": "institution",
    "parliament": "institution",
    "state_body": "institution",
}
_GOVERNMENT = r"^Government (of the |of |\()([^)]*)\)?$"
_SIDES = ("source", "target")
_GDELT_ACTOR = (
    *("code", "name", "country_code", "known_group_code", "ethnic_code", "religion1_code"),
    *("religion2_code", "type1_code", "type2_code", "type3_code"),
)
# How many cells a row of GDELT has, and what a place and the end of the row are then.
_GDELT_PLACE = ("type", "fullname", "country_code", "adm1_code")
_GDELT_FORMS = {
    61: ((*_GDELT_PLACE, "adm2_code"), ("source_url",)),
    58: (_GDELT_PLACE, ("source_url",)),
    57: (_GDELT_PLACE, ()),
}
# Columns that headers of POLECAT name and rows do not have.
_ONLY_IN_HEADERS = {"", "headline", "event_text", "feed", "story_id"}
# What tells an actor from another, and a place from another.
_SIDE = ("code", "name", "country", "roles")
_PLACE = ("place", "place_kind", "place_country", "latitude", "longitude")


@dataclass(frozen=True)
class _Dataset:
    """What a dataset is and how it is read.

    `columns` are those wanted, by our names; a header has the same, with blanks and capitals.
    `optional` may be missing. `acts` is what a SELECT takes from each row: `row_id`, `happened`,
    `code`; code, name, country and roles of `source` and `target`; `place`, `place_kind`,
    `place_country`, `latitude`, `longitude`; `found_in`. `key` is the column by which doubles are
    told. `is_state` is true of an actor that is a state, `is_code` of a code and what it begins
    with in kinds_of_others. The schemes are those in which actors and places name countries.
    `shown` are the columns that a reject names for id, day, code, source, latitude, longitude.
    """

    title: str
    producer: str
    address: str
    licence: str
    scheme: str
    layout: Callable[["_Dataset", Path, list[list[str]]], Layout]
    columns: tuple[str, ...]
    optional: str
    acts: str
    key: str
    is_state: str
    is_code: str
    actor_scheme: str
    place_scheme: str
    shown: tuple[str, str, str, str, str, str]
    day_wanted: str
    code_wanted: str


def _gdelt_layout(dataset: _Dataset, path: Path, head: list[list[str]]) -> Layout:
    """Tell the cells of a file without a header by their number."""
    form = next((_GDELT_FORMS[len(row)] for row in head if len(row) in _GDELT_FORMS), None)
    if form is None:
        raise ImportFailedError(
            f"{path.name} is no event export of GDELT: its first row has {len(head[0])} cells "
            f"between tabs, not {' or '.join(map(str, _GDELT_FORMS))}"
        )
    place, end = form
    names = (
        *("global_event_id", "day", "month_year", "year", "fraction_date"),
        *(f"{actor}_{name}" for actor in ("actor1", "actor2") for name in _GDELT_ACTOR),
        *("is_root_event", "event_code", "event_base_code", "event_root_code", "quad_class"),
        *("goldstein_scale", "num_mentions", "num_sources", "num_articles", "avg_tone"),
        *(
            f"{of}_geo_{name}"
            for of in ("actor1", "actor2", "action")
            for name in (*place, "lat", "long", "feature_id")
        ),
        *("date_added", *end),
    )
    return Layout(_wanted(names, dataset), "\t", is_quoted=False)


def _named_layout(dataset: _Dataset, path: Path, head: list[list[str]]) -> Layout:
    """Tell the cells of a file by its header, cut or filled up to the cells of the first row."""
    names = tuple(re.sub(r"\W+", "_", cell.strip().lower()) for cell in head[0])
    n_cells = len(head[1]) if len(head) > 1 else len(names)
    if n_cells < len(names):
        names = tuple(name for name in names if name not in _ONLY_IN_HEADERS)
    names += ("",) * (n_cells - len(names))
    missing = [name for name in dataset.columns if name not in (*names, dataset.optional)]
    if missing:
        raise ImportFailedError(
            f"{path.name} cannot be read as a file of {dataset.title}: it has no column "
            f"{', '.join(missing)}. Its first row begins {', '.join(head[0][:6])}"
        )
    has_commas = ".csv" in path.name.lower()
    delimiter = "," if has_commas else "\t"
    return Layout(_wanted(names, dataset), delimiter, is_quoted=has_commas, n_headers=1)


def _wanted(names: tuple[str, ...], dataset: _Dataset) -> tuple[str, ...]:
    return tuple(name if name in dataset.columns else "" for name in names)


# Where the parts of a place stand in columns of their own.
_NAMED_PLACE = """
    concat_ws(', ', city, district, province, country) as place,
    case
        when city is not null then 'city' when district is not null then 'admin2'
        when province is not null then 'admin1' else 'country'
    end as place_kind,
    country as place_country, latitude, longitude
"""
_IS_CAMEO = r"""
    starts_with(acts.code, kinds.code)
    and regexp_full_match(acts.code, '\d{3}[0-9a-z]?|\d\d[a-z]')
"""
_CAMEO_WANTED = "is no code of CAMEO; one has three or four figures and is text: 010 is not 10"
# A state goes by the name of its country.
_IS_COUNTRY = "own.iso3 = country_codes.iso3"
_DATASETS = {
    "gdelt": _Dataset(
        title="GDELT",
        producer="GDELT Project",
        address="https://www.gdeltproject.org/",
        licence="any use, with citation of the GDELT Project and a link to www.gdeltproject.org",
        scheme="cameo",
        layout=_gdelt_layout,
        columns=(
            *("global_event_id", "day", "event_code"),
            *("actor1_code", "actor1_name", "actor1_country_code", "actor1_type1_code"),
            *("actor2_code", "actor2_name", "actor2_country_code", "actor2_type1_code"),
            *("action_geo_type", "action_geo_fullname", "action_geo_country_code"),
            *("action_geo_lat", "action_geo_long", "source_url"),
        ),
        optional="source_url",
        acts="""
            global_event_id as row_id,
            case when regexp_full_match(day, '\\d{8}') then try_strptime(day, '%Y%m%d') end
                as happened,
            event_code as code,
            actor1_code as source_code, actor1_name as source_name,
            actor1_country_code as source_country, actor1_type1_code as source_roles,
            actor2_code as target_code, actor2_name as target_name,
            actor2_country_code as target_country, actor2_type1_code as target_roles,
            action_geo_fullname as place,
            case action_geo_type
                when '1' then 'country' when '2' then 'admin1' when '5' then 'admin1' else 'city'
            end as place_kind,
            action_geo_country_code as place_country,
            action_geo_lat as latitude, action_geo_long as longitude,
            source_url as found_in
        """,
        key="global_event_id",
        is_state="named.code in (named.country, named.country || 'GOV')",
        is_code=_IS_CAMEO,
        actor_scheme="cameo",
        place_scheme="fips",
        shown=(
            *("global_event_id", "day", "event_code"),
            *("actor1_code", "action_geo_lat", "action_geo_long"),
        ),
        day_wanted="is no day; one is written as 20240115",
        code_wanted=_CAMEO_WANTED,
    ),
    "icews": _Dataset(
        title="ICEWS",
        producer="Integrated Crisis Early Warning System",
        address="https://doi.org/10.7910/DVN/28075",
        licence="as told at https://doi.org/10.7910/DVN/28075",
        scheme="cameo",
        layout=_named_layout,
        columns=(
            *("event_id", "event_date", "cameo_code"),
            *("source_name", "source_sectors", "source_country"),
            *("target_name", "target_sectors", "target_country"),
            *("city", "district", "province", "country", "latitude", "longitude", "publisher"),
        ),
        optional="publisher",
        acts=f"""
            coalesce(
                try_strptime(event_date, '%Y-%m-%d'), try_strptime(event_date, '%m/%d/%Y')
            ) as happened,
            event_id || '_' || strftime(happened, '%Y%m%d') as row_id,
            cameo_code as code,
            null as source_code, source_name, source_country, source_sectors as source_roles,
            null as target_code, target_name, target_country, target_sectors as target_roles,
            {_NAMED_PLACE},
            publisher as found_in
        """,
        key="row_id",
        is_state=_IS_COUNTRY,
        is_code=_IS_CAMEO,
        actor_scheme="name",
        place_scheme="name",
        shown=(
            *("event_id", "event_date", "cameo_code"),
            *("source_name", "latitude", "longitude"),
        ),
        day_wanted="is no day; one is written as 2018-01-31 or 1/31/2018",
        code_wanted=_CAMEO_WANTED,
    ),
    "polecat": _Dataset(
        title="POLECAT",
        producer="POLECAT",
        address="https://doi.org/10.7910/DVN/AJGVIT",
        licence="as told at https://doi.org/10.7910/DVN/AJGVIT",
        scheme="plover",
        layout=_named_layout,
        columns=(
            *("event_id", "event_date", "event_type", "event_mode"),
            *("actor_name", "actor_country", "primary_actor_sector"),
            *("recipient_name", "recipient_country", "primary_recipient_sector"),
            *("city", "district", "province", "country", "latitude", "longitude", "source"),
        ),
        optional="source",
        acts=f"""
            case
                when regexp_full_match(event_id, '[a-z0-9_]+') then event_id
                else slug(event_id) || '_' || short_hash(event_id)
            end as row_id,
            try_strptime(event_date, '%Y-%m-%d') as happened,
            event_type || coalesce('/' || event_mode, '') as code,
            null as source_code, actor_name as source_name,
            actor_country as source_country, primary_actor_sector as source_roles,
            null as target_code, recipient_name as target_name,
            recipient_country as target_country, primary_recipient_sector as target_roles,
            {_NAMED_PLACE},
            source as found_in
        """,
        key="event_id",
        is_state=_IS_COUNTRY,
        is_code="split_part(acts.code, '/', 1) = split_part(kinds.code, '/', 1)"
        " and starts_with(acts.code, kinds.code)",
        actor_scheme="iso3",
        place_scheme="iso3",
        shown=(
            *("event_id", "event_date", "event_type"),
            *("actor_name", "latitude", "longitude"),
        ),
        day_wanted="is no day; one is written as 2024-01-31",
        code_wanted="is no event type of PLOVER",
    ),
}


def _version(files: list[Path], given: str | None) -> str:
    """Give the version: as told, or the years or days in the names of the files."""
    if given is None:
        found = [re.search(r"(?<!\d)(?:19|20)\d\d\d*", path.name) for path in files]
        untold = [path.name for path, days in zip(files, found, strict=True) if days is None]
        if untold:
            raise ImportFailedError(
                f"the name of {untold[0]} tells no year: add one, such as --version 2018"
            )
        days = sorted(days[0] for days in found)
        given = days[0] if days[0] == days[-1] else f"{days[0]}_{days[-1]}"
    if not re.fullmatch(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*", given):
        raise ImportFailedError(f"'{given}' is no version: write it such as 2018 or 2.0")
    return given


def _prepare(name: str, connection: duckdb.DuckDBPyConnection) -> None:
    """Make the helper tables. What is told by a text is told once for each text that occurs."""
    dataset = _DATASETS[name]
    connection.execute(_acts(dataset))
    connection.execute(_countries())
    connection.execute(_kinds(dataset))
    connection.execute(_sides(dataset, f"act_{name}_"))
    connection.execute(_places(dataset, f"loc_{name}_"))


def _acts(dataset: _Dataset) -> str:
    """Give the rows under names that all these datasets share, with '' where two are compared."""
    cells = ", ".join(f"nullif({column}, 'None') as {column}" for column in dataset.columns)
    compared = ", ".join(
        f"coalesce({column}, '') as {column}"
        for column in (*(f"{side}_{cell}" for side in _SIDES for cell in _SIDE), *_PLACE)
    )
    return f"""
        create view acts as
        select * replace ({compared})
        from (
            select file_number, file, line, {", ".join(dataset.shown)}, {dataset.acts}
            from (select file_number, file, line, {cells} from raw)
        )
    """


def _countries() -> str:
    """Give `country_codes`, by scheme, and the actor that is the `state` of each country."""
    return f"""
        create table country_codes as
        with codes as (
            select scheme, lower(code) as code, iso3
            from read_csv({quoted(str(_HERE / "country_codes.csv"))}, all_varchar = true)
        ),
        countries as (
            select iso3 from codes union select iso3 from curated.countries
        )
        select * from codes
        union all
        select scheme, lower(iso3), iso3
        from countries cross join (values ('iso3'), ('cameo')) as schemes (scheme);

        create table states as
        with names as (
            select iso3, label as name, 1 as place from curated.countries
            union all
            select iso3, name, 2
            from read_csv({quoted(str(_HERE / "states.csv"))}, all_varchar = true)
            union all
            select iso3, code, 3
            from read_csv({quoted(str(_HERE / "country_codes.csv"))}, all_varchar = true)
            where scheme = 'name'
        ),
        ours as (
            select country as iso3, min(actor_id) as actor_id, arg_min(name, actor_id) as name
            from curated.actors
            where kind = 'state' and country is not null
            group by country
        )
        select
            iso3,
            coalesce(any_value(ours.actor_id), 'act_state_' || lower(iso3)) as actor_id,
            coalesce(any_value(ours.name), arg_min(names.name, (names.place, names.name))) as name
        from names
        left join ours using (iso3)
        group by iso3
    """


def _kinds(dataset: _Dataset) -> str:
    """Give our kind for each code that occurs: by the longest beginning in kinds_of_others."""
    return f"""
        create table kinds as
        select
            acts.code,
            arg_max(kinds.response_kind, length(kinds.code)) as response_kind,
            arg_max(codes.label, length(kinds.code)) as kind_label
        from (select distinct code from acts) as acts
        inner join curated.kinds_of_others as kinds on {dataset.is_code}
        inner join curated.codes
            on codes.code_list = 'response_kinds' and codes.code = kinds.response_kind
        where kinds.scheme = {quoted(dataset.scheme)}
        group by acts.code
    """


def _sides(dataset: _Dataset, prefix: str) -> str:
    """Give the actor for each source or target that occurs, and the state for which it acts."""
    roles = ", ".join(
        f"({quoted(role)}, {rank}, {quoted(kind)}, {is_for_state})"
        for rank, (kind, is_for_state, words) in enumerate(_ROLES)
        for role in words
    )
    levels = " ".join(
        f"when {quoted(kind)} then {quoted(level)}" for kind, level in _LEVELS.items()
    )
    return f"""
        create table sides as
        with named as (
            select
                source_code as code, source_name as name, source_country as country,
                source_roles as roles
            from acts
            union
            select target_code, target_name, target_country, target_roles from acts
        ),
        known_roles (role, rank, kind, is_for_state) as (values {roles}),
        split as (
            select roles, unnest(string_split(roles, ',')) as role
            from (select distinct roles from named)
        ),
        ranked as (
            select
                split.roles,
                min(known_roles.rank) as rank,
                arg_min(known_roles.kind, known_roles.rank) as kind,
                arg_min(known_roles.is_for_state, known_roles.rank) as is_for_state
            from split
            inner join known_roles on trim(split.role) = known_roles.role
            group by split.roles
        ),
        told as (
            select
                named.*,
                coalesce(nullif(named.name, ''), named.code) as label,
                states.iso3,
                states.actor_id as state_id,
                states.name as state_name,
                states.iso3 is not null and ({dataset.is_state}) is true as is_state,
                coalesce(ranked.rank, {len(_ROLES)}) as rank,
                coalesce(ranked.kind, 'organisation') as kind,
                coalesce(ranked.is_for_state, false) as is_for_state
            from named
            left join country_codes
                on country_codes.scheme = {quoted(dataset.actor_scheme)}
                and country_codes.code = lower(named.country)
            left join states on country_codes.iso3 = states.iso3
            left join country_codes as own
                on own.scheme = 'name'
                and own.code = lower(regexp_replace(named.name, {quoted(_GOVERNMENT)}, '\\2'))
            left join ranked on named.roles = ranked.roles
            where named.code <> '' or named.name <> ''
        ),
        numbered as (
            select
                *,
                {quoted(prefix)} || left(slug(label), 40) || '_'
                || short_hash(concat_ws('|', code, name, iso3))[:8] as own_id
            from told
        )
        select
            code, name, country, roles, label, iso3, is_state,
            case when is_state then state_id else own_id end as actor_id,
            case when is_state then state_name else label end as actor_name,
            -- One actor has one kind, whatever its rows tell.
            case
                when is_state then 'state'
                else arg_min(kind, rank) over (partition by own_id)
            end as kind,
            case when is_state or is_for_state then state_id end as state_id,
            case
                when is_state and regexp_matches(name, {quoted(_GOVERNMENT)}) then 'government'
                else case kind {levels} else 'not_stated' end
            end as level
        from numbered
    """


def _places(dataset: _Dataset, prefix: str) -> str:
    """Give the location for each place that occurs: of countries, our own where we have one."""
    columns = ", ".join(f"named.{column}" for column in _PLACE)
    return f"""
        create table places as
        with named as (
            select distinct {", ".join(_PLACE)} from acts where place <> ''
        ),
        ours as (
            select country as iso3, min(location_id) as location_id
            from curated.locations
            where kind = 'country' and country is not null
            group by country
        )
        select
            named.*,
            states.iso3,
            states.actor_id as state_id,
            try_cast(named.latitude as double) as north,
            try_cast(named.longitude as double) as east,
            ours.location_id is not null as is_ours,
            coalesce(
                ours.location_id,
                {quoted(prefix)} || left(slug(named.place), 40) || '_'
                || short_hash(concat_ws('|', {columns}))[:8]
            ) as location_id
        from named
        left join country_codes
            on country_codes.scheme = {quoted(dataset.place_scheme)}
            and country_codes.code = lower(named.place_country)
        left join states on country_codes.iso3 = states.iso3
        left join ours on states.iso3 = ours.iso3 and named.place_kind = 'country'
    """


def _typed(dataset: _Dataset) -> str:
    """Give the SELECT of each row with its kind, its two sides and its place."""

    def side(name: str) -> str:
        columns = (
            *("label", "iso3", "is_state", "actor_id", "actor_name", "kind", "state_id", "level"),
        )
        return ", ".join(f"{name}.{column} as {name}_{column}" for column in columns)

    def joined(table: str, alias: str, columns: dict[str, str]) -> str:
        same = " and ".join(f"acts.{ours} = {alias}.{theirs}" for ours, theirs in columns.items())
        return f"left join {table} as {alias} on {same}"

    return f"""
        select
            acts.file_number, acts.file, acts.line,
            {", ".join(f"acts.{column}" for column in dataset.shown)},
            acts.row_id,
            cast(acts.happened as date) as happened,
            acts.code,
            acts.found_in,
            kinds.response_kind,
            kinds.kind_label,
            kinds.response_kind = 'military_strike' as is_force,
            {side("source")},
            {side("target")},
            places.place, places.place_kind, places.is_ours, places.location_id,
            places.iso3 as place_iso3, places.state_id as place_state_id, places.north, places.east
        from acts
        left join kinds using (code)
        {joined("sides", "source", {f"source_{cell}": cell for cell in _SIDE})}
        {joined("sides", "target", {f"target_{cell}": cell for cell in _SIDE})}
        {joined("places", "places", {cell: cell for cell in _PLACE})}
    """


def _faults(dataset: _Dataset) -> tuple[Fault, ...]:
    """Say which rows cannot be taken."""
    row, day, code, source, north, east = dataset.shown
    return (
        Fault(row, f"{row} is null", "is empty; every row has an id"),
        Fault(
            row,
            "not regexp_full_match(row_id, '[a-z0-9_]+')",
            "is no id; one has letters, digits and underscores",
        ),
        Fault(day, "happened is null", dataset.day_wanted),
        Fault(code, "response_kind is null", dataset.code_wanted),
        Fault(source, "source_actor_id is null", "no actor: nobody is told to have done it"),
        Fault(
            north,
            f"place is not null and {north} is not null and coalesce(abs(north) > 90, true)",
            "is no latitude; one is a number from -90 to 90",
        ),
        Fault(
            east,
            f"place is not null and {east} is not null and coalesce(abs(east) > 180, true)",
            "is no longitude; one is a number from -180 to 180",
        ),
        Fault(
            north,
            f"place is not null and ({north} is null) <> ({east} is null)",
            "latitude and longitude are given both or not at all",
        ),
    )


def _tables(name: str, dataset: _Dataset, key: str, version: str, days: int) -> dict[str, str]:
    """Give the SELECT of each table of the record that these datasets fill."""
    passage, source, episode = f"'psg_{key}'", f"'src_{key}'", f"'epi_{key}'"
    summary = f"The acts of {dataset.title}, version {version}, read by machine out of the news."
    producer = f"'act_{name}'"
    scheme = dataset.scheme.upper()
    dated = (
        f"{dataset.shown[0]} as original_id, year(happened) as partition_year, "
        "place_iso3 as partition_country"
    )
    own = {short: f"'{short}_{key}_' || row_id" for short in ("evt", "rsp", "stm", "psg", "prp")}
    told = f"concat(source_label, ' towards ' || target_label, ', {scheme} ', code, '.')"
    rests = "case when is_force then 'events' else 'responses' end"
    acting = f"case when is_force then {own['evt']} else {own['rsp']} end"
    people = " union ".join(
        f"select {side}_actor_id as actor_id, {side}_actor_name as name, {side}_kind as kind, "
        f"{side}_iso3 as iso3 from taken where not {side}_is_state"
        for side in _SIDES
    )
    states = " union ".join(
        f"select {column} from taken"
        for column in ("source_state_id", "target_state_id", "place_state_id")
    )
    tables = {
        "episodes": f"""
            select {episode} as episode_id, {quoted(f"{dataset.title} {version}")} as label,
                {quoted(summary)} as summary,
                min(happened) as from_date, max(happened) as to_date
            from taken
        """,
        "sources": f"""
            select {source} as source_id, {quoted(f"{dataset.title} {version}")} as title,
                {producer} as publisher_id, 'dataset' as kind, 'aggregator' as proximity,
                'en' as language_code, {quoted(f"{dataset.address}#{version}")} as url,
                {quoted(dataset.licence)} as licence,
                'The address is that of the dataset; the version stands after the sign #.' as note
        """,
        "passages": f"""
            select {passage} as passage_id, {source} as source_id, 'whole' as locator_kind,
                'all' as locator, null as original_id, null as partition_year,
                null as partition_country
            union all
            select {own["psg"]}, {source}, 'row', {dataset.key}, {dated} from taken
        """,
        "actors": f"""
            select {producer} as actor_id, {quoted(dataset.producer)} as name,
                'organisation' as kind, null as country,
                {quoted(f"Publishes the dataset {dataset.title}.")} as description,
                {passage} as passage_id
            union all
            select actor_id, name, 'state', iso3, 'A state.', {passage} from states
            where actor_id in ({states})
            and actor_id not in (select actor_id from curated.actors)
            union all
            select actor_id, min(name), min(kind), min(iso3),
                {quoted(f"An actor of {dataset.title}.")}, {passage}
            from ({people}) as people
            where actor_id is not null
            group by actor_id
        """,
        "locations": f"""
            select location_id, place as name, place_kind as kind, iso3 as country,
                north as latitude, east as longitude,
                case
                    when north is not null
                        then case when place_kind = 'city' then 'locality' else 'area' end
                end as coordinate_precision,
                case when north is not null then {passage} end as coordinate_passage_id,
                {passage} as passage_id
            from places
            where not is_ours and location_id in (select location_id from taken)
        """,
        "statements": f"""
            select {own["stm"]} as statement_id, {episode} as episode_id,
                {producer} as claimant_id, 'named' as attribution, 'dataset_row' as form,
                {told} as summary, 'Found in ' || found_in || '.' as note, {dated}
            from taken
        """,
        "citations": f"""
            select {own["psg"]} as passage_id, unnest(['statements', {rests}]) as cited_table,
                unnest([{own["stm"]}, {acting}]) as cited_id,
                'interprets' as role, 'faithful' as fidelity, {dated}
            from taken
        """,
        "events": f"""
            select {own["evt"]} as event_id, {episode} as episode_id, 'attack' as kind,
                'happened' as status,
                concat('Attack by ', source_actor_name, ' on ' || target_actor_name) as label,
                {told} as summary, code as original_code, {dated}
            from taken
            where is_force
        """,
        "event_actors": f"""
            select * from (
                select {own["evt"]} as event_id,
                    unnest([
                        source_actor_id, nullif(source_state_id, source_actor_id),
                        target_actor_id, nullif(target_state_id, target_actor_id), place_state_id
                    ]) as actor_id,
                    unnest(['attacker', 'attacker', 'struck', 'struck', 'on_soil_of']) as role,
                    {own["stm"]} as statement_id, {dated}
                from taken
                where is_force
            )
            where actor_id is not null
        """,
        "propositions": f"""
            select {own["prp"]} || '_date' as proposition_id, {episode} as episode_id,
                {own["evt"]} as event_id, 'date' as topic, 'fact' as kind,
                'It happened on ' || happened || '.' as text,
                happened as value_from_date, happened as value_to_date,
                'day' as value_date_precision, 'printed' as value_date_basis,
                null as value_location_id, {dated}
            from taken
            where is_force
            union all
            select {own["prp"]} || '_place', {episode}, {own["evt"]}, 'place', 'fact',
                'It happened in ' || place || '.', null, null, null, null, location_id, {dated}
            from taken
            where is_force and location_id is not null
        """,
        "claims": f"""
            select {own["stm"]} as statement_id, 'propositions' as target_table,
                {own["prp"]} || unnest(
                    case when location_id is null then ['_date'] else ['_date', '_place'] end
                ) as target_id,
                'reports' as stance, 'unhedged' as certainty, 'none' as relay_distance, {dated}
            from taken
            where is_force
        """,
        "responses": f"""
            select {own["rsp"]} as response_id, {episode} as episode_id, response_kind as kind,
                concat(source_actor_name, ': ', kind_label, ', ' || target_actor_name) as label,
                {told} as summary, location_id, code as original_code, {dated}
            from taken
            where not is_force
        """,
        "response_actors": f"""
            select {own["rsp"]} as response_id, source_actor_id as actor_id, 'actor' as role,
                coalesce(source_state_id, source_actor_id) as on_behalf_of_id,
                source_level as level, {dated}
            from taken
            where not is_force
            union all
            select {own["rsp"]}, target_actor_id, 'addressee', target_state_id, target_level,
                {dated}
            from taken
            where not is_force and target_actor_id is not null
        """,
        "response_states": f"""
            select {own["rsp"]} as response_id, 'done' as state, {own["stm"]} as statement_id,
                happened as from_date, happened as to_date, 'day' as date_precision,
                'printed' as date_basis, {own["psg"]} as passage_id, {dated}
            from taken
            where not is_force
        """,
    }
    if days:
        tables["response_events"] = f"""
            with uses_of_force as (
                select iso3, happened, arg_max(row_id, (length(row_id), row_id)) as row_id
                from (
                    select row_id, happened, unnest([source_iso3, target_iso3]) as iso3
                    from taken
                    where is_force
                )
                where iso3 is not null
                group by iso3, happened
            ),
            acts as (
                select {own["rsp"]} as response_id, happened, target_iso3 as iso3, {dated}
                from taken
                where not is_force and target_iso3 <> coalesce(source_iso3, '')
            )
            select acts.response_id, 'evt_{key}_' || uses_of_force.row_id as event_id,
                acts.original_id, acts.partition_year, acts.partition_country
            from acts
            asof join uses_of_force
                on acts.iso3 = uses_of_force.iso3 and acts.happened >= uses_of_force.happened
            where acts.happened - uses_of_force.happened <= {days}
        """
    return tables


def _notes(dataset: _Dataset, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tell how many acts answer an event, and which countries could not be told."""
    (n_acts,) = connection.execute("select count(*) from taken where not is_force").fetchone()
    (n_answers,) = connection.execute("select count(*) from written.response_events").fetchone()
    unknown = connection.execute("""
        select distinct country from sides where iso3 is null and country <> ''
        union
        select distinct place_country from places where iso3 is null and place_country <> ''
        order by country
    """).fetchall()
    notes = [f"{n_answers} of {n_acts} acts answer a use of force"]
    if unknown:
        shown = ", ".join(country for (country,) in unknown[:20])
        notes.append(f"{len(unknown)} codes or names of countries are none we know: {shown}")
    return notes


def plan(
    name: str, files: list[Path], version: str | None, answers_within: int = ANSWERS_WITHIN
) -> Plan:
    """Plan the import of files of `gdelt`, `icews` or `polecat`.

    `version` is needed where the names of the files tell no year; `answers_within` is the number of
    days after a use of force within which an act upon a party to it answers it, 0 for no answers.
    Raises ImportFailedError where the version cannot be told or is none.
    """
    dataset = _DATASETS[name]
    version = _version(files, version)
    key = f"{name}_{re.sub('[^a-z0-9]+', '_', version.lower())}"
    return Plan(
        dataset=key,
        version=version,
        licence=dataset.licence,
        layout=partial(dataset.layout, dataset),
        columns=dataset.columns,
        prepare=partial(_prepare, name),
        typed=_typed(dataset),
        key=dataset.key,
        faults=_faults(dataset),
        tables=_tables(name, dataset, key, version, answers_within),
        one_per_row="statements",
        notes=partial(_notes, dataset),
    )
