"""UCDP GED and UCDP Candidate events, as the Uppsala Conflict Data Program or HDX hand them out.

Read as they come: the columns in any order, with the names of several versions; HDX's second row of
tags; candidate months without a header; days with a time behind them; `645.0` for 645; -1 for not
known; low above best.

| of a row | becomes |
|---|---|
| the row | an event (`attack`), a passage, a statement of the UCDP, and what they rest on |
| date_start, date_end | a proposition on the day, claimed by the statement |
| where_..., adm_..., latitude, longitude | a place, and a proposition that it was there |
| side_a, side_b | participants; where the violence is one-sided, attacker and struck |
| country | the state on whose soil it was |
| low, best, high | one figure of people killed, from the least to the greatest of the three |
| deaths_... | parts of it by status; exactly, or at least where some dead are of no known side |

A claim is `possible`, not `unhedged`, where the row was drawn from a summary of several events
(event_clarity 2), and for the place also where it stands for the surroundings of a place
(where_prec 2) or for a line or an area (where_prec 5).

Parts that together exceed the highest of the three figures are left out, and counted: a part is
never more than its whole. So is a part of nobody, unless every dead person has a side.
"""

import csv
import re
import unicodedata
from pathlib import Path

import duckdb
from rapidfuzz import fuzz, process

from strike_ledger.imports import Fault, ImportFailedError, Layout, Plan
from strike_ledger.reading import quoted

_HERE = Path(__file__).parent
# Our name of each column that is read, and the names that versions of the file have for it.
_NAMES = {
    "id": ("id",),
    "type_of_violence": ("type_of_violence",),
    "side_a_id": ("side_a_new_id", "side_a_id", "side_a_dset_id"),
    "side_a": ("side_a",),
    "side_b_id": ("side_b_new_id", "side_b_id", "side_b_dset_id"),
    "side_b": ("side_b",),
    "where_prec": ("where_prec",),
    "where_coordinates": ("where_coordinates",),
    "adm_1": ("adm_1",),
    "adm_2": ("adm_2",),
    "latitude": ("latitude",),
    "longitude": ("longitude",),
    "country": ("country",),
    "country_id": ("country_id",),
    "iso3": ("iso3",),
    "gwnoa": ("gwnoa",),
    "gwnob": ("gwnob",),
    "event_clarity": ("event_clarity",),
    "date_start": ("date_start",),
    "date_end": ("date_end",),
    "deaths_a": ("deaths_a",),
    "deaths_b": ("deaths_b",),
    "deaths_civilians": ("deaths_civilians",),
    "deaths_unknown": ("deaths_unknown",),
    "low": ("low",),
    "best": ("best",),
    "high": ("high",),
}
_OPTIONAL = {"adm_1", "adm_2", "country", "country_id", "iso3", "gwnoa", "gwnob", "event_clarity"}
# The columns of the UCDP's own files, in order; some candidate months come without a header.
_STANDARD = (
    *("id", "relid", "year", "active_year", "code_status"),
    *("type_of_violence", "conflict_dset_id", "conflict_new_id", "conflict_name", "dyad_dset_id"),
    *("dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a"),
    *("side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article"),
    *("source_office", "source_date", "source_headline", "source_original", "where_prec"),
    *("where_coordinates", "where_description", "adm_1", "adm_2", "latitude"),
    *("longitude", "geom_wkt", "priogrid_gid", "country", "country_id"),
    *("region", "event_clarity", "date_prec", "date_start", "date_end"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best"),
    *("high", "low", "gwnoa", "gwnob"),
)
_COUNTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high")
_DAY = r"(19|20)\d\d-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?"
# Words of places with where_prec 1 or 2 that are no city or town; any other is a small locality.
_SITES = (
    r"\b(base|airport|airfield|camp|station|refinery|dam|prison|checkpoint|hospital|school|mosque|"
    r"church|bridge|barracks|headquarters|mine|oil field|port|embassy|university)\b"
)
_REGIONS = (
    r"^(north|south|east|west|central)|^jabal|"
    r"\b(mountains?|hills?|river|lake|desert|border|road|area|island|valley|forest|region)\b"
)
_GENERIC = {"province", "governorate", "state", "region", "territory", "department", "district"}
_ARTICLES = {"al", "an", "ar", "as", "ash", "at", "ad", "adh", "az", "el"}
_ALIKE = 85  # of 100, for a name of an area to be taken for another spelling of one of ours
_APART = 10  # and as much better than the next of ours


def _version(files: list[Path], given: str | None) -> str:
    """Give the version, as told or as it stands in the names of the files, such as 25.1."""
    found = {given} if given else set()
    for path in files if not given else ():
        told = re.search(r"GEDEvent_v(\d+(?:_\d+)+)", path.name, re.IGNORECASE)
        annual = re.match(r"ged(\d\d)(\d)\b", path.name, re.IGNORECASE)
        if told:
            found.add(told[1].replace("_", "."))
        elif annual:
            found.add(f"{annual[1]}.{annual[2]}")
        else:
            raise ImportFailedError(
                f"the name of {path.name} does not tell its version: add it, such as --version 25.1"
            )
    if len(found) > 1:
        listed = ", ".join(sorted(found))
        raise ImportFailedError(
            f"the files are of several versions ({listed}): import each by itself, or give them "
            "one with --version"
        )
    (version,) = found
    if not re.fullmatch(r"\d+(\.\d+)+", version):
        raise ImportFailedError(f"'{version}' is no version: write it such as 25.1 or 25.0.3")
    return version


def _url(version: str) -> str:
    """Give the address at which the UCDP hands out a version."""
    if re.fullmatch(r"\d+\.1", version):
        return f"https://ucdp.uu.se/downloads/ged/ged{version.replace('.', '')}-csv.zip"
    return f"https://ucdp.uu.se/downloads/candidateged/GEDEvent_v{version.replace('.', '_')}.csv"


def _layout(path: Path, head: list[list[str]]) -> Layout:
    """Tell the columns of a file by its header, or by its form where it has none."""
    first = [cell.strip().lower() for cell in head[0]]
    if len(first) == len(_STANDARD) and first[0].isdigit() and first[5] in ("1", "2", "3"):
        names, n_headers = _STANDARD, 0
    else:
        names, n_headers = first, 1
        if len(head) > 1 and any(re.match(r"#[a-z]", cell.strip()) for cell in head[1]):
            n_headers = 2
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise ImportFailedError(f"{path.name} has columns twice: {', '.join(twice)}")
    ours = {}
    for own, theirs in _NAMES.items():
        found = next((name for name in theirs if name in names), None)
        if found:
            ours[found] = own
    missing = set(_NAMES) - _OPTIONAL - set(ours.values())
    if not {"country_id", "iso3"} & set(ours.values()):
        missing.add("country_id")
    if missing:
        raise ImportFailedError(
            f"{path.name} is no file of UCDP GED: it has no column {', '.join(sorted(missing))}. "
            f"Its first row begins {', '.join(head[0][:6])}"
        )
    return Layout(tuple(ours.get(name, "") for name in names), n_headers=n_headers)


def _plain_name(name: str) -> str:
    """Write the name of an area without accents, articles and words such as province."""
    letters = unicodedata.normalize("NFKD", name).lower()
    words = re.findall(r"[a-z]+", re.sub(r"[\u0300-\u036f\u2018\u2019\u02bb\u02bc'`]", "", letters))
    return " ".join(word for word in words if word not in _GENERIC | _ARTICLES)


def _matched_areas(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str | None]]:
    """Find the p-code of each first-level area, in the countries whose p-codes we have.

    By the same name, by another name in admin1_names.csv, or by a spelling that is much like one
    name and not like any other.
    """
    ours: dict[str, dict[str, str]] = {}
    for iso3, name, pcode in connection.execute(
        "select iso3, name, pcode from curated.pcodes where admin_level = 1"
    ).fetchall():
        ours.setdefault(iso3, {})[_plain_name(name)] = pcode
    with (_HERE / "admin1_names.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            ours[row["iso3"]][_plain_name(row["name"])] = row["pcode"]
    found = []
    for iso3, name in connection.execute(
        "select distinct states.state, plain(raw.adm_1) from raw "
        "inner join state_of as states on states.told = told_state(raw.iso3, raw.country_id) "
        "where raw.adm_1 is not null and states.state in (select iso3 from curated.pcodes)"
    ).fetchall():
        known, plain = ours[iso3], _plain_name(name)
        pcode = known.get(plain)
        if pcode is None:
            best = process.extract(plain, known.keys(), scorer=fuzz.ratio, limit=None)
            rivals = [score for other, score, _ in best if known[other] != known[best[0][0]]]
            if best[0][1] >= _ALIKE and best[0][1] - max(rivals, default=0) >= _APART:
                pcode = known[best[0][0]]
        found.append((iso3, name, pcode))
    return found


_MACROS = r"""
    create macro plain(text) as trim(regexp_replace(text, '\s+', ' ', 'g'));
    create macro whole(text) as regexp_replace(text, '\.0+$', '');
    create macro is_count(text) as text is null or regexp_full_match(whole(text), '-1|\d{1,9}');
    create macro counted(text) as
        case when regexp_full_match(whole(text), '\d{1,9}') then whole(text)::integer end;
    create macro told_state(iso3, number) as
        coalesce(upper(iso3), '') || '|' || coalesce(whole(number), '');
    create macro told_side(number, name) as case
        when regexp_full_match(whole(number), '\d+') then whole(number)
        else 'n' || short_hash(plain(name))
    end;
"""

# The ISO code in the row, or that of the state's number after Gleditsch and Ward.
_STATES = """
    create table state_of as
    select
        told,
        case when regexp_full_match(upper(iso3), '[A-Z]{3}') then upper(iso3) else ours end
            as state,
        name
    from (
        select
            told_state(raw.iso3, raw.country_id) as told,
            min(raw.iso3) as iso3,
            min(numbered.iso3) as ours,
            mode(plain(raw.country)) as name
        from raw
        left join numbered on numbered.gw_number = whole(raw.country_id)
        group by all
    )
"""

# A side by its number: ours where the number, or for one government its country, leads to one of
# ours. The sides of one number may be spelt in several ways; the most frequent stands.
_SIDES = """
    create table sides as
    with told as (
        select told_side(side_a_id, side_a) as told, plain(side_a) as name, gwnoa as state_number
        from raw
        union all
        select told_side(side_b_id, side_b), plain(side_b), gwnob
        from raw
        where whole(type_of_violence) <> '3'
    ),

    named as (
        select told, mode(name) as name, mode(whole(state_number)) as state_number
        from told
        where told is not null
        group by told
    ),

    known as (
        select
            named.*,
            named.name like 'Government of %' as is_government,
            case when named.name not like '%, Government of %' then numbered.iso3 end as state,
            by_number.identified_id as by_number
        from named
        left join numbered
            on named.state_number = numbered.gw_number and named.name like 'Government of %'
        left join curated.identifiers as by_number
            on by_number.scheme = 'ucdp_actor' and by_number.identifier = named.told
    )

    select
        told,
        name,
        is_government,
        state,
        coalesce(known.by_number, our_states.actor_id, 'act_ucdp_' || told) as actor_id,
        known.by_number is null and our_states.actor_id is null as is_new
    from known
    left join our_states on known.is_government and known.state = our_states.country
"""

_TYPED = """
    with read as (
        select
            raw.* replace (whole(raw.id) as id),
            try_cast(whole(raw.type_of_violence) as integer) as violence,
            try_cast(whole(raw.where_prec) as integer) as exactness,
            coalesce(whole(raw.event_clarity) = '2', false) as is_summary,
            try_cast(raw.latitude as decimal(8, 5)) as north,
            try_cast(raw.longitude as decimal(8, 5)) as east,
            case when regexp_full_match(raw.date_start, '{day}')
                then try_cast(raw.date_start[:10] as date) end as first_day,
            case when regexp_full_match(raw.date_end, '{day}')
                then try_cast(raw.date_end[:10] as date) end as last_day,
            counted(raw.deaths_a) as n_a,
            counted(raw.deaths_b) as n_b,
            counted(raw.deaths_civilians) as n_civilians,
            counted(raw.deaths_unknown) as n_of_no_side,
            least(counted(raw.low), counted(raw.best), counted(raw.high)) as n_low,
            greatest(counted(raw.low), counted(raw.best), counted(raw.high)) as n_high,
            counted(raw.best) as n_best,
            states.state,
            states.name as state_name,
            coalesce(our_states.actor_id, 'act_state_' || lower(states.state)) as state_id,
            first_side.actor_id as first_id,
            first_side.name as first_name,
            first_side.is_government as is_first_government,
            case when violence = 3 then 'act_ucdp_civilians' else second_side.actor_id end
                as second_id,
            case when violence = 3 then 'civilians' else second_side.name end as second_name,
            second_side.is_government as is_second_government,
            plain(coalesce(raw.where_coordinates, raw.adm_2, raw.adm_1, raw.country, states.state))
                as place
        from raw
        left join state_of as states on states.told = told_state(raw.iso3, raw.country_id)
        left join our_states on states.state = our_states.country
        left join sides as first_side on first_side.told = told_side(raw.side_a_id, raw.side_a)
        left join sides as second_side
            on second_side.told = told_side(raw.side_b_id, raw.side_b)
            and whole(raw.type_of_violence) <> '3'
    )

    select
        *,
        'loc_{d}_' || short_hash(concat(
            place, '|', plain(adm_1), '|', plain(adm_2), '|', state, '|', north, '|', east, '|',
            exactness
        )) as location_id,
        n_high is null or coalesce(n_a, 0) + coalesce(n_b, 0) + coalesce(n_civilians, 0) <= n_high
            as has_fitting_parts,
        case when violence = 3 then first_name || ' against civilians'
            else first_name || ' and ' || second_name end as parties,
        case
            when first_day = last_day then 'day'
            when first_day = make_date(year(first_day), 1, 1)
                and last_day = make_date(year(first_day), 12, 31) then 'year'
            when day(first_day) = 1 and last_day = last_day(first_day) then 'month'
            when last_day - first_day < 6 then 'days'
            when last_day - first_day = 6 then 'week'
            when day(first_day) = 1 and last_day - first_day = 9
                or day(first_day) = 11 and last_day - first_day = 9
                or day(first_day) = 21 and last_day = last_day(first_day) then 'part_of_month'
            else 'bounded'
        end as date_precision
    from read
"""

_FAULTS = (
    Fault("id", "id is null", "the row has no id"),
    Fault("id", "not regexp_full_match(id, '\\d+')", "an id is digits only"),
    Fault(
        "type_of_violence",
        "violence is null or violence not in (1, 2, 3)",
        "the type of violence is 1 (a state takes part), 2 (groups) or 3 (against civilians)",
    ),
    Fault("date_start", "first_day is null", "is no day; write it as YYYY-MM-DD"),
    Fault("date_end", "last_day is null", "is no day; write it as YYYY-MM-DD"),
    Fault("date_end", "last_day < first_day", "lies before date_start"),
    Fault(
        "latitude",
        "latitude is not null and (north is null or abs(north) > 90)",
        "is no latitude: degrees between -90 and 90, with a point",
    ),
    Fault(
        "longitude",
        "longitude is not null and (east is null or abs(east) > 180)",
        "is no longitude: degrees between -180 and 180, with a point",
    ),
    Fault("latitude", "(latitude is null) <> (longitude is null)", "one of the two is missing"),
    Fault(
        "where_prec",
        "exactness is null or exactness not between 1 and 7",
        "how exact the place is, is told by 1 to 7",
    ),
    *(
        Fault(name, f"not is_count({name})", "is no whole number of people, nor -1 for not known")
        for name in _COUNTS
    ),
    Fault(
        "country_id",
        "state is null",
        "is no country: an ISO code of three letters in iso3, or a number after Gleditsch and Ward",
    ),
    Fault("side_a", "first_id is null", "the row does not name side A"),
    Fault("side_b", "second_id is null", "the row does not name side B"),
)

_OF_ROW = """
        id as original_id, extract(year from first_day) as partition_year,
        state as partition_country
"""

_TABLES = {
    "episodes": """
        select
            'epi_{d}' as episode_id, '{title}' as label, min(first_day) as from_date,
            max(last_day) as to_date,
            'Deadly violence of states and groups as the dataset has it, a row an event.'
                as summary
        from taken
    """,
    "sources": """
        select
            'src_{d}' as source_id, '{title}' as title, 'act_ucdp' as publisher_id,
            'dataset' as kind, 'reference_work' as proximity, 'en' as language_code,
            '{url}' as url, '{licence}' as licence
    """,
    "passages": """
        select
            'psg_{d}' as passage_id, 'src_{d}' as source_id, 'whole' as locator_kind,
            'all' as locator, null as original_id, null as partition_year,
            null as partition_country
        union all
        select 'psg_{d}_' || id, 'src_{d}', 'row', id, {of_row}
        from taken
    """,
    "actors": """
        select
            actor_id, min(name) as name,
            case when bool_or(is_government) then 'government' else 'armed_group' end as kind,
            min(state) as country, 'Side in events of the UCDP GED.' as description,
            'psg_{d}' as passage_id, min(told) as original_id
        from sides
        where is_new and actor_id in (select first_id from taken union select second_id from taken)
        group by actor_id
        union all
        select
            'act_ucdp_civilians', 'civilians in the UCDP GED', 'population_group', null,
            'Those against whom the one-sided violence of the UCDP GED is directed.', 'psg_{d}',
            null
        where exists (select 1 from taken where violence = 3)
        union all
        select
            state_id, coalesce(mode(state_name), state), 'state', state,
            'State in which events of the UCDP GED took place.', 'psg_{d}', null
        from taken
        where state_id = 'act_state_' || lower(state)
        group by state_id, state
    """,
    "locations": """
        select
            location_id, any_value(place) as name,
            case any_value(exactness)
                when 3 then 'admin2'
                when 4 then 'admin1'
                when 5 then 'region'
                when 6 then 'country'
                when 7 then case
                    when regexp_matches(
                        lower(any_value(place)), '\\b(sea|gulf|ocean|strait|bay|waters)\\b'
                    ) then 'sea' else 'region' end
                else case
                    when regexp_matches(lower(any_value(place)), '\\b(city|town|capital)$')
                        then 'city'
                    when regexp_matches(lower(any_value(place)), '{regions}') then 'region'
                    when regexp_matches(lower(any_value(place)), '{sites}') then 'site'
                    else 'village' end
            end as kind,
            any_value(taken.state) as country, any_value(areas.pcode) as admin1_pcode,
            any_value(north) as latitude, any_value(east) as longitude,
            case
                when any_value(north) is null then null
                when any_value(exactness) = 1 and kind = 'site' then 'exact'
                when kind in ('city', 'village', 'site') then 'locality'
                else 'area'
            end as coordinate_precision,
            case when any_value(north) is not null then 'psg_{d}' end as coordinate_passage_id,
            'psg_{d}' as passage_id
        from taken
        left join areas on areas.state = taken.state and areas.name = plain(taken.adm_1)
        group by location_id
    """,
    "events": """
        select
            'evt_{d}_' || id as event_id, 'epi_{d}' as episode_id, 'attack' as kind,
            'happened' as status, 'Violence: ' || parties || ', ' || place as label,
            'Deadly violence, ' || parties || ', ' || place || ', ' || coalesce(state_name, state)
                || '.' as summary,
            violence as original_code, {of_row}
        from taken
    """,
    "event_actors": """
        select
            'evt_{d}_' || id as event_id, first_id as actor_id,
            case when violence = 3 then 'attacker' else 'participant' end as role, {of_row}
        from taken
        union all
        select
            'evt_{d}_' || id, second_id,
            case when violence = 3 then 'struck' else 'participant' end, {of_row}
        from taken
        where second_id <> first_id
        union all
        select 'evt_{d}_' || id, state_id, 'on_soil_of', {of_row}
        from taken
    """,
    "statements": """
        select
            'stm_{d}_' || id as statement_id, 'epi_{d}' as episode_id,
            'act_ucdp' as claimant_id, 'named' as attribution, 'dataset_row' as form,
            'Deadly violence, ' || parties || ', ' || place || '; killed: low ' || {low}
                || ', best ' || {best} || ', high ' || {high} || '.' as summary,
            {of_row}
        from taken
    """,
    "citations": """
        select
            'psg_{d}_' || id as passage_id, 'statements' as cited_table,
            'stm_{d}_' || id as cited_id, 'originates' as role, 'faithful' as fidelity, {of_row}
        from taken
        union all
        select 'psg_{d}_' || id, 'events', 'evt_{d}_' || id, 'originates', 'faithful', {of_row}
        from taken
    """,
    "propositions": """
        select
            'prp_{d}_' || id || '_date' as proposition_id, 'epi_{d}' as episode_id,
            'evt_{d}_' || id as event_id, 'date' as topic, 'fact' as kind,
            case when first_day = last_day then 'It took place on ' || first_day || '.'
                else 'It took place between ' || first_day || ' and ' || last_day || '.' end
                as text,
            first_day as value_from_date, last_day as value_to_date,
            date_precision as value_date_precision, 'printed' as value_date_basis,
            null as value_location_id, {of_row}
        from taken
        union all
        select
            'prp_{d}_' || id || '_place', 'epi_{d}', 'evt_{d}_' || id, 'place', 'fact',
            'It took place at ' || place || '.', null, null, null, null, location_id, {of_row}
        from taken
    """,
    "claims": """
        select
            'stm_{d}_' || id as statement_id, 'propositions' as target_table,
            'prp_{d}_' || id || '_date' as target_id, 'asserts' as stance,
            case when is_summary then 'possible' else 'unhedged' end as certainty,
            'none' as relay_distance, {of_row}
        from taken
        union all
        select
            'stm_{d}_' || id, 'propositions', 'prp_{d}_' || id || '_place', 'asserts',
            case when is_summary or exactness in (2, 5) then 'possible' else 'unhedged' end, 'none',
            {of_row}
        from taken
    """,
    "casualties": """
        with people as (
            select
                id, '' as part, n_low, n_high, n_best,
                case
                    when n_high is null then 'no_figure'
                    when n_low = n_high then 'exactly'
                    else 'between'
                end as qualifier,
                'low ' || {low} || ', best ' || {best} || ', high ' || {high} as wording,
                'not_stated' as status, first_day, state
            from taken
            union all
            select
                id, part, n, n, null, case when n_of_no_side = 0 then 'exactly' else 'at_least' end,
                'deaths_' || part || ' ' || n, status, first_day, state
            from (
                select
                    id, first_day, state, n_of_no_side,
                    unnest(['civilians', 'a', 'b']) as part,
                    unnest([n_civilians, n_a, n_b]) as n,
                    unnest([
                        'civilian',
                        if(is_first_government, 'security_forces', 'armed_group_member'),
                        case
                            when violence = 3 then 'civilian'
                            when is_second_government then 'security_forces'
                            else 'armed_group_member'
                        end
                    ]) as status
                from taken
                where has_fitting_parts
            )
            where n > 0 or n = 0 and n_of_no_side = 0
        )

        select
            'cas_{d}_' || id || '_' || if(part = '', 'total', part) as casualty_id,
            'stm_{d}_' || id as statement_id, 'evt_{d}_' || id as event_id, 'killed' as outcome,
            n_low as figure_low, n_high as figure_high, n_best as figure_best, qualifier, wording,
            'not_stated' as age_group, 'not_stated' as sex, 'not_stated' as relation,
            false as is_nationality_negated, status,
            if(part = '', 'not_stated', 'stated') as status_basis,
            if(part <> '', 'cas_{d}_' || id || '_total', null) as part_of_id,
            if(part <> '', 'status', null) as divided_by, {of_row}
        from people
    """,
}


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Find out, once for each, what the countries, sides and areas are in our record."""
    states = quoted(str(_HERE / "states.csv"))
    connection.execute(
        f"create table numbered as from read_csv({states}, header = true, all_varchar = true)"
    )
    connection.execute(
        "create table our_states as select country, min(actor_id) as actor_id "
        "from curated.actors where kind = 'state' and country is not null group by country"
    )
    for statement in (_MACROS, _STATES, _SIDES):
        connection.execute(statement)
    connection.execute("create table areas (state varchar, name varchar, pcode varchar)")
    areas = _matched_areas(connection)
    if areas:
        connection.executemany("insert into areas values (?, ?, ?)", areas)


def _notes(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tell what a reader of the imported rows should know of them."""
    low, left_out, unknown, matched, unmatched = connection.execute(
        """
        select
            count(*) filter (counted(low) > counted(best)),
            count(*) filter (not has_fitting_parts),
            count(*) filter (n_best is null),
            (select count(*) from areas where pcode is not null),
            (select string_agg(name || ' (' || state || ')', ', ' order by state, name)
                from areas where pcode is null)
        from taken
        """
    ).fetchone()
    notes = [
        f"{low} rows have low above best: the figure goes from the least to the greatest",
        f"{left_out} rows have parts that exceed their total: the parts are left out",
        f"{unknown} rows have no best figure",
        f"{matched} first-level areas have a p-code",
    ]
    if unmatched:
        notes.append(f"no p-code was found for: {unmatched}")
    return notes


def plan(name: str, files: list[Path], version: str | None) -> Plan:
    """Plan the import of files of UCDP GED or UCDP Candidate of one version.

    Raises ImportFailedError where the version is told neither by `version` nor by their names.
    """
    version = _version(files, version)
    dataset = f"ucdp_ged_{version.replace('.', '_')}"
    is_candidate = not re.fullmatch(r"\d+\.1", version)
    title = "UCDP Candidate Events Dataset" if is_candidate else "UCDP Georeferenced Event Dataset"
    licence = "CC BY 4.0"
    words = {
        "d": dataset,
        "title": f"{title}, version {version}",
        "url": _url(version),
        "licence": licence,
        "of_row": _OF_ROW,
        "sites": _SITES,
        "regions": _REGIONS,
        "low": "coalesce(whole(low), 'empty')",
        "best": "coalesce(whole(best), 'empty')",
        "high": "coalesce(whole(high), 'empty')",
        "day": _DAY,
    }
    return Plan(
        dataset=dataset,
        version=version,
        licence=licence,
        layout=_layout,
        columns=tuple(_NAMES),
        prepare=_prepare,
        typed=_TYPED.format(**words),
        key="id",
        faults=_FAULTS,
        tables={table: query.format(**words) for table, query in _TABLES.items()},
        one_per_row="events",
        notes=_notes,
    )
