"""Imports of datasets of acts: what becomes of a row, each fault of the files, the answers."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import duckdb
import pytest

from strike_ledger.declarations import PROJECT
from strike_ledger.imports import Imported, ImportFailedError, acts, import_files
from strike_ledger.reading import quoted

HERE = Path(__file__).parent / "imports"
N_CAMEO_GROUPS = 20
PLOVER = (
    *("AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT", "REQUEST"),
    *("ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
)
POLECAT = (HERE / "polecat_header.txt").read_text(encoding="utf-8").rstrip("\n").split("\t")
# Where the cells of a row of GDELT 2.0 stand, counted from 0, as its codebook gives them.
GDELT = {
    "id": 0,
    "day": 1,
    "source": 5,
    "source_name": 6,
    "source_country": 7,
    "source_type": 12,
    "target": 15,
    "target_name": 16,
    "target_country": 17,
    "target_type": 22,
    "code": 26,
    "place_type": 51,
    "place": 52,
    "place_country": 53,
    "adm2": 55,
    "latitude": 56,
    "longitude": 57,
    "url": 60,
}
_ADM2 = (39, 47, 55)


def gdelt(n_cells: int = 61, **cells: str) -> str:
    """Give a synthetic row of GDELT: 2.0 (61 cells), 1.0 (58) or old 1.0 (57, without address)."""
    row = [""] * 61
    given = {"day": "20240117", "code": "010", "url": "https://example.org/a", **cells}
    for side in ("source", "target"):
        code = given.get(side, "")
        given.setdefault(f"{side}_country", code[:3])
        given.setdefault(f"{side}_type", code[3:6])
        given.setdefault(f"{side}_name", code and f"THE {code}")
    for name, value in given.items():
        row[GDELT[name]] = value
    if n_cells < len(row):
        row = [cell for place, cell in enumerate(row) if place not in _ADM2]
    return "\t".join(row[:n_cells])


@dataclass(frozen=True)
class Read:
    """An import, and the tables that it wrote."""

    imported: Imported
    into: Path

    def rows(self, table: str, columns: str, where: str = "true") -> list[tuple]:
        """Give the rows of a table as written, in order."""
        files = self.into / table / f"dataset={self.imported.dataset}" / "**" / "*.parquet"
        return duckdb.sql(
            f"select {columns} from read_parquet({quoted(str(files))}, hive_partitioning = false) "
            f"where {where} order by all"
        ).fetchall()

    def rejects(self) -> list[tuple[str, int, str, str, str]]:
        """Give file, line, column, value and reason of the rows rejected."""
        if self.imported.rejects is None:
            return []
        with self.imported.rejects.open(encoding="utf-8", newline="") as file:
            return [
                (row["file"], int(row["line"]), row["column"], row["value"], row["reason"])
                for row in csv.DictReader(file)
            ]


def read(
    name: str, folder: Path, files: dict[str, str | bytes], version: str | None = None
) -> Read:
    """Import files of which the texts are given."""
    paths = []
    for file, text in files.items():
        path = folder / file
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(path)
    into = folder / "imports"
    return Read(import_files(name, paths, into, version), into)


@cache
def mappings() -> dict[tuple[str, str], str]:
    """Give the seed kinds_of_others."""
    with (PROJECT / "seeds/kinds_of_others.csv").open(encoding="utf-8", newline="") as file:
        return {(r["scheme"], r["code"]): r["response_kind"] for r in csv.DictReader(file)}


def kind_of(scheme: str, code: str) -> str | None:
    """Give the kind of the longest beginning of a code."""
    fitting = [begin for of, begin in mappings() if of == scheme and code.startswith(begin)]
    return mappings()[scheme, max(fitting, key=len)] if fitting else None


# --- the vocabulary ---------------------------------------------------------------------------


def test_every_code_of_others_has_a_kind_of_ours() -> None:
    """No valid row is rejected for its code: every CAMEO group and every PLOVER type is mapped."""
    for group in range(1, N_CAMEO_GROUPS + 1):
        assert ("cameo", f"{group:02}") in mappings()
    for event in PLOVER:
        assert ("plover", event) in mappings()
    with (PROJECT / "seeds/action_crosswalk.csv").open(encoding="utf-8", newline="") as file:
        known = {row["response_kind"] for row in csv.DictReader(file)}
    assert set(mappings().values()) - known == set(), "without a place in the crosswalk"


def test_only_force_is_an_event() -> None:
    """CAMEO groups 18 to 20 and PLOVER ASSAULT are uses of force, whatever their finer code."""
    force = {key for key, kind in mappings().items() if kind == "military_strike"}
    assert force == {("cameo", "18"), ("cameo", "19"), ("cameo", "20"), ("plover", "ASSAULT")}


def test_a_code_keeps_its_rung() -> None:
    """What a code of the crosswalk is read as stands on the rung of a kind that has this code."""
    with (PROJECT / "seeds/action_crosswalk.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rungs = {row["response_kind"]: row["rung"] for row in rows}
    for code in {row["cameo_code"] for row in rows} - {""}:
        assert rungs[kind_of("cameo", code)] in {r["rung"] for r in rows if r["cameo_code"] == code}


def test_a_code_of_a_country_is_told_once() -> None:
    """Codes are unique whatever their case, and what CAMEO writes otherwise is no code of ISO."""
    path = PROJECT / "strike_ledger/imports/country_codes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = [(row["scheme"], row["code"].lower()) for row in rows]
    assert len(told) == len(set(told))
    known = {row["iso3"] for row in rows}
    assert {code.upper() for scheme, code in told if scheme == "cameo"} & known == set()
    with (PROJECT / "seeds/countries.csv").open(encoding="utf-8", newline="") as file:
        assert {row["iso3"] for row in csv.DictReader(file)} - known == set()


# --- GDELT ------------------------------------------------------------------------------------

KINDS_OF_ROLES = {
    "GOV": "state",
    "MIL": "armed_force",
    "SPY": "intelligence_service",
    "COP": "state_body",
    "JUD": "state_body",
    "LEG": "parliament",
    "IGO": "body_of_states",
    "MED": "outlet",
    "REB": "armed_group",
    "INS": "armed_group",
    "CVL": "population_group",
    "REF": "population_group",
    "BUS": "company",
    "MNC": "company",
    "EDU": "organisation",
}
EVERY_CODE = [f"{group:02}{place}" for group in range(1, N_CAMEO_GROUPS + 1) for place in range(10)]
IRAN_STRIKES = {"source": "IRN", "target": "PAK", "code": "190", "day": "20240116"}
PANJGUR = {
    "place_type": "4",
    "place": "Panjgur, Balochistan, Pakistan",
    "place_country": "PK",
    "latitude": "26.9719",
    "longitude": "64.0946",
}
FILE_OF_61 = [
    gdelt(id="1", **IRAN_STRIKES, **PANJGUR),
    gdelt(id="2", source="PAKGOV", target="IRN", code="111", day="20240117"),
    gdelt(id="3", source="PAKMIL", target="IRNMIL", code="195", day="20240118"),
    gdelt(id="4", source="USA", target="IRN", code="0256", day="20240125"),
    gdelt(id="5", source="USA", target="IRN", code="0256", day="20240126"),
    gdelt(id="6", source="IRN", target="IRNMIL", code="010", day="20240118"),
    gdelt(id="7", source="CHN", target="IRN", code="036", day="20240116"),
    gdelt(id="8", source="CHN", target="IRN", code="036", day="20240115"),
    gdelt(id="1", source="USA", code="010"),
    gdelt(id="10", source="USA", code="10"),
    gdelt(id="11", source="USA", code="---"),
    gdelt(id="12", target="USA"),
    gdelt(id="13", source="USA", day="2024011"),
    gdelt(id="14", source="USA", day="20240230"),
    gdelt(id="15", source="USA", **PANJGUR | {"latitude": "#26.9"}),
    gdelt(id="16", source="USA", **PANJGUR | {"longitude": "181"}),
    gdelt(id="17", source="USA", **PANJGUR | {"longitude": ""}),
    gdelt(id="", source="USA"),
    gdelt(id="1.9E9", source="USA"),
    "\t".join(gdelt(id="20", source="USA").split("\t")[:60]),
    gdelt(id="21", source="ROM", target="WSB", code="010"),
    gdelt(id="22", source="AFR", target="IRNREB", code="010"),
    gdelt(id="23", source="UNO", source_country="", source_type="IGO", target="IRNCVL", code="020"),
    gdelt(id="24", source="USAMIL", source_name='A "MAN" OF 6\'', code="0841"),
    gdelt(id="25", source="USA", place_type="1", place="Iraq", place_country="IZ"),
    gdelt(id="26", source="USA", place="Atlantis", place_country="ZZ"),
    *(gdelt(id=f"5{n}", source=f"TUN{role}", code="010") for n, role in enumerate(KINDS_OF_ROLES)),
]
FILE_OF_58 = [
    *(HERE / "gdelt_2024.export.CSV").read_text(encoding="utf-8").splitlines(),
    gdelt(58, id="31", source="FRA", code="051", place="Panjgur", latitude="26.9", longitude="64"),
]
FILE_OF_57 = [
    gdelt(57, id="40", source="FRA", target="DEU", code="042", place="Panjgur", place_country="PK"),
    *(gdelt(57, id=f"1{code}", source="FRA", code=code) for code in EVERY_CODE),
]


@pytest.fixture(scope="module")
def of_gdelt(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Import three files of GDELT, one of each form, with every fault in them."""
    files = {
        "20240118.export.CSV": "\n".join(FILE_OF_61) + "\n",
        "20170302.export.CSV": "\r\n".join(FILE_OF_58),
        "197901.csv": "\n".join(FILE_OF_57),
    }
    return read("gdelt", tmp_path_factory.mktemp("gdelt"), files)


def test_rows_in_are_rows_out_and_rejects(of_gdelt: Read) -> None:
    """Nothing is dropped without a word, and the names of the files give the version."""
    n_rejected = 12
    n_in = len(FILE_OF_61) + len(FILE_OF_58) + len(FILE_OF_57)
    imported = of_gdelt.imported
    assert imported.dataset == "gdelt_197901_20240118"
    assert (imported.n_in, imported.n_rejected) == (n_in, n_rejected)
    assert imported.rows["statements"] == n_in - n_rejected
    assert imported.rows["events"] + imported.rows["responses"] == n_in - n_rejected
    assert imported.rows["casualties"] == 0


def test_every_faulty_row_is_told_with_its_line(of_gdelt: Read) -> None:
    """File, line, column and value; 10 is no code, since 010 lost its zero there."""
    told = [reject for reject in of_gdelt.rejects() if reject[0] == "20240118.export.CSV"]
    assert [reject[1:4] for reject in told] == [
        (9, "global_event_id", "1"),
        (10, "event_code", "10"),
        (11, "event_code", "---"),
        (12, "actor1_code", ""),
        (13, "day", "2024011"),
        (14, "day", "20240230"),
        (15, "action_geo_lat", "#26.9"),
        (16, "action_geo_long", "181"),
        (17, "action_geo_lat", "26.9719"),
        (18, "global_event_id", ""),
        (19, "global_event_id", "1.9E9"),
        (20, "(row)", ""),
    ]
    reasons = [reason for *_, reason in told]
    assert "010 is not 10" in reasons[1]
    assert "no actor" in reasons[3]
    assert "60 cells" in reasons[11]
    assert len(of_gdelt.rejects()) == len(told)


def test_a_use_of_force_is_an_attack_without_figures(of_gdelt: Read) -> None:
    """Who attacked whom where and when, on the word of the dataset's producer."""
    event = "evt_gdelt_197901_20240118_1"
    assert of_gdelt.rows(
        "events", "kind, status, original_id, original_code, dataset_version",
        f"event_id = '{event}'",
    ) == [("attack", "happened", "1", "190", "197901_20240118")]  # fmt: skip
    assert of_gdelt.rows("event_actors", "role, actor_id", f"event_id = '{event}'") == [
        ("attacker", "act_iran"),
        ("on_soil_of", "act_pakistan"),
        ("struck", "act_pakistan"),
    ]
    ((place,),) = of_gdelt.rows(
        "propositions", "value_location_id", f"event_id = '{event}' and topic = 'place'"
    )
    assert of_gdelt.rows(
        "locations",
        "name, kind, country, latitude::varchar, longitude::varchar, coordinate_precision",
        f"location_id = '{place}'",
    ) == [
        ("Panjgur, Balochistan, Pakistan", "city", "PAK", "26.97190", "64.09460", "locality"),
    ]
    ((day, basis),) = of_gdelt.rows(
        "propositions", "value_from_date::varchar, value_date_basis",
        f"event_id = '{event}' and topic = 'date'",
    )  # fmt: skip
    assert (day, basis) == ("2024-01-16", "printed")
    statement = "stm_gdelt_197901_20240118_1"
    assert of_gdelt.rows(
        "statements", "claimant_id, form, attribution, note", f"statement_id = '{statement}'"
    ) == [("act_gdelt", "dataset_row", "named", "Found in https://example.org/a.")]
    assert of_gdelt.rows("claims", "target_id, stance", f"statement_id = '{statement}'") == [
        ("prp_gdelt_197901_20240118_1_date", "reports"),
        ("prp_gdelt_197901_20240118_1_place", "reports"),
    ]
    assert of_gdelt.rows("citations", "cited_table, role, fidelity", "original_id = '1'") == [
        ("events", "interprets", "faithful"),
        ("statements", "interprets", "faithful"),
    ]
    assert of_gdelt.rows("passages", "locator_kind, locator", "original_id = '1'") == [("row", "1")]


def test_an_act_is_a_response_done_on_its_day(of_gdelt: Read) -> None:
    """The actor, on whose behalf, at which level, to whom, and how it stands."""
    act = "rsp_gdelt_197901_20240118_2"
    assert of_gdelt.rows(
        "responses", "kind, label, summary, original_code", f"response_id = '{act}'"
    ) == [("condemn", "Pakistan: Condemn, Iran", "THE PAKGOV towards THE IRN, CAMEO 111.", "111")]
    assert of_gdelt.rows(
        "response_actors", "role, actor_id, on_behalf_of_id, level", f"response_id = '{act}'"
    ) == [
        ("actor", "act_pakistan", "act_pakistan", "government"),
        ("addressee", "act_iran", "act_iran", "not_stated"),
    ]
    assert of_gdelt.rows(
        "response_states",
        "state, from_date::varchar, to_date::varchar, date_precision, date_basis",
        f"response_id = '{act}'",
    ) == [("done", "2024-01-17", "2024-01-17", "day", "printed")]


def test_who_acts_for_a_state_is_told_from_who_does_not(of_gdelt: Read) -> None:
    """An army acts for its state and is struck with it; rebels and civilians act for themselves."""
    assert of_gdelt.rows(
        "event_actors", "role, actor_id", "event_id = 'evt_gdelt_197901_20240118_3'"
    ) == [
        ("attacker", "act_gdelt_the_pakmil_f6809674"),
        ("attacker", "act_pakistan"),
        ("struck", "act_gdelt_the_irnmil_c73843fe"),
        ("struck", "act_iran"),
    ]
    (_, africa), (_, rebels) = of_gdelt.rows(
        "response_actors", "role, actor_id", "original_id = '22'"
    )
    assert of_gdelt.rows("actors", "kind, country, name", f"actor_id = '{rebels}'") == [
        ("armed_group", "IRN", "THE IRNREB")
    ]
    assert of_gdelt.rows("actors", "kind, country, name", f"actor_id = '{africa}'") == [
        ("organisation", None, "THE AFR")
    ]
    assert of_gdelt.rows(
        "response_actors", "role, on_behalf_of_id = actor_id, level", "original_id in ('22', '23')"
    ) == [
        ("actor", True, "body"),
        ("actor", True, "not_stated"),
        ("addressee", None, "not_stated"),
        ("addressee", None, "not_stated"),
    ]
    assert of_gdelt.rows("actors", "name, kind", "starts_with(actor_id, 'act_gdelt_the_uno')") == [
        ("THE UNO", "body_of_states")
    ]


def test_the_role_of_an_actor_gives_its_kind(of_gdelt: Read) -> None:
    """The role codes of CAMEO, where they are plain; what is not is an organisation."""
    assert of_gdelt.rows("actors", "right(name, 3), kind", "country = 'TUN'") == sorted(
        ("sia" if role == "GOV" else role, kind) for role, kind in KINDS_OF_ROLES.items()
    )


def test_countries_are_ours_where_we_have_them(of_gdelt: Read) -> None:
    """CAMEO's own codes and FIPS become ISO; a state that we lack is a state all the same."""
    assert of_gdelt.rows("response_actors", "role, actor_id", "original_id = '21'") == [
        ("actor", "act_state_rou"),
        ("addressee", "act_state_pse"),
    ]
    assert of_gdelt.rows("actors", "name, kind, country", "actor_id = 'act_state_rou'") == [
        ("Romania", "state", "ROU")
    ]
    assert of_gdelt.rows("responses", "location_id", "original_id = '25'") == [("loc_iraq",)]
    assert of_gdelt.rows("locations", "country", "name = 'Atlantis'") == [(None,)]
    assert any("ZZ" in note for note in of_gdelt.imported.notes)
    assert of_gdelt.rows("actors", "actor_id", "actor_id in ('act_iran', 'act_france')") == []


def test_rows_of_58_and_57_cells_have_their_places(of_gdelt: Read) -> None:
    """The older forms lack the second area of each place, and the oldest the address too."""
    assert of_gdelt.rows("events", "label, original_code", "original_id = '632634259'") == [
        ("Attack by United States on DEPUTY", "190")
    ]
    assert of_gdelt.rows("locations", "name, kind, country", "starts_with(name, 'Jasper')") == [
        ("Jasper County, Missouri, United States", "city", "USA")
    ]
    assert of_gdelt.rows(
        "locations", "name, latitude::varchar, country", "name = 'Panjgur'"
    ) == [("Panjgur", "26.90000", None), ("Panjgur", None, "PAK")]  # fmt: skip
    assert of_gdelt.rows("statements", "note", "original_id = '40'") == [(None,)]
    assert of_gdelt.rows("responses", "kind", "original_id = '40'") == [("visit",)]
    assert of_gdelt.rows("response_states", "from_date::varchar", "original_id = '1199516024'") == [
        ("2014-09-24",)
    ]


def test_a_quotation_mark_is_a_letter(of_gdelt: Read) -> None:
    """GDELT quotes nothing; a mark ends no cell. Nobody is addressed where no target is told."""
    assert of_gdelt.rows("responses", "label, kind", "original_id = '24'") == [
        ('A "MAN" OF 6\': Give way', "give_way")
    ]
    assert of_gdelt.rows("response_actors", "role, level", "original_id = '24'") == [
        ("actor", "institution")
    ]


def test_the_longest_beginning_of_a_code_gives_the_kind(of_gdelt: Read) -> None:
    """All codes of three figures, by the importer and by the seed read here."""
    acted = of_gdelt.rows("responses", "original_code, kind", "starts_with(original_id, '1')")
    struck = of_gdelt.rows("events", "original_code", "length(original_id) = 4")
    told = dict(acted) | {code: "military_strike" for (code,) in struck}
    assert {code: told[code] for code in EVERY_CODE} == {
        code: kind_of("cameo", code) for code in EVERY_CODE
    }


def test_an_act_answers_the_latest_use_of_force_upon_its_target(of_gdelt: Read) -> None:
    """On the day or at most seven days before, never of the same country, never one to come."""
    answers = of_gdelt.rows(
        "response_events", "original_id, replace(event_id, 'evt_gdelt_197901_20240118_', '')"
    )
    assert answers == [
        ("2", "1"),  # the day after
        ("22", "1"),  # upon its rebels, by those of no country
        ("23", "1"),  # upon its civilians, by a body of states
        ("4", "3"),  # the seventh day after the later one
        ("7", "1"),  # the same day
    ]  # and not: 5 (the eighth day), 6 (of the same country), 8 (before it)
    assert "5 of" in of_gdelt.imported.notes[0]


def test_the_days_within_which_an_act_answers_can_be_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 1, the second day is too late; with 0 no act answers anything."""
    rows = [
        gdelt(id="1", **IRAN_STRIKES),
        gdelt(id="2", **IRAN_STRIKES),
        gdelt(id="3", source="USA", target="IRN", day="20240117"),
        gdelt(id="4", source="USA", target="IRN", day="20240118"),
    ]
    plan = acts.plan
    for days, answers in ((1, [("3", "evt_gdelt_2024_2")]), (0, [])):
        monkeypatch.setattr(acts, "plan", partial(plan, answers_within=days))
        found = read("gdelt", tmp_path, {"2024.csv": "\n".join(rows)})
        assert found.rows("response_events", "original_id, event_id") == answers


@pytest.mark.parametrize(
    ("name", "text", "version", "told"),
    [
        ("a.csv", gdelt(id="1", source="USA"), None, "--version"),
        ("2024.csv", gdelt(id="1", source="USA"), "now!", "no version"),
        ("2024.csv", "a\tb\tc", None, "3 cells"),
    ],
)
def test_what_cannot_be_read_is_refused(
    tmp_path: Path, name: str, text: str, version: str | None, told: str
) -> None:
    """A file that is none of GDELT's, or of no version, is no import of nothing."""
    with pytest.raises(ImportFailedError, match=told):
        read("gdelt", tmp_path, {name: text}, version)


# --- ICEWS ------------------------------------------------------------------------------------


def in_tabs(rows: list[list[str]]) -> str:
    """Write rows as the .tab files of ICEWS do."""
    return "".join("\t".join(row) + "\n" for row in rows)


@cache
def icews() -> list[list[str]]:
    """Give header and rows of the extract."""
    with (HERE / "icews_2018.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_extract_is_taken_whole(tmp_path: Path) -> None:
    """Real rows, with commas: every one becomes an event or a response."""
    found = read("icews", tmp_path, {"icews_2018.csv": (HERE / "icews_2018.csv").read_bytes()})
    codes = [row[6] for row in icews()[1:]]
    n_force = sum(code[:2] in ("18", "19", "20") for code in codes)
    assert (found.imported.n_in, found.imported.n_rejected) == (len(codes), 0)
    assert (found.imported.rows["events"], n_force) == (n_force, 4)
    assert found.rows("responses", "kind", "original_code = '010'") == [("make_statement",)]
    assert found.rows("actors", "distinct kind", "starts_with(name, 'Military (')") == [
        ("armed_force",)
    ]
    assert found.rows("actors", "name", "kind = 'state' and country = 'RUS'") == []
    assert found.imported.notes == [
        f"{found.imported.rows['response_events']} of {len(codes) - n_force} acts answer a use of "
        "force"
    ]


def test_the_faults_of_its_yearly_files(tmp_path: Path) -> None:
    """Days such as 6/1/2018, rows that stand twice, and a number that stands on another day."""
    head, first, second, *_ = icews()
    american = [second[0], "6/2/2018", *second[2:]]
    again = [first[0], "2018-06-30", *first[2:]]
    no_day = [first[0], "June 2018", *first[2:]]
    lost_zero = ["7", *first[1:6], "42", *first[7:]]
    rows = [head, first, american, first, again, no_day, lost_zero]
    found = read("icews", tmp_path, {"events.2018.20200427.tab": in_tabs(rows)})
    assert found.imported.dataset == "icews_2018"
    assert [reject[1:4] for reject in found.rejects()] == [
        (4, "row_id", f"{first[0]}_20180601"),
        (6, "event_date", "June 2018"),
        (7, "cameo_code", "42"),
    ]
    assert found.rows("response_states", "original_id, from_date::varchar") == [
        (second[0], "2018-06-02"),
        (first[0], "2018-06-01"),
        (first[0], "2018-06-30"),
    ]


def test_a_file_without_codes_is_refused(tmp_path: Path) -> None:
    """One edition of 2017 has the words of the codes and not the codes."""
    rows = [[cell for place, cell in enumerate(row) if place != 6] for row in icews()]
    with pytest.raises(ImportFailedError, match="no column cameo_code"):
        read("icews", tmp_path, {"Events.2017.tab": in_tabs(rows)})


def test_states_of_icews_are_known_by_their_names(tmp_path: Path) -> None:
    """A country under either of its names, or its government; a minister acts for the state."""
    head = icews()[0]

    def row(number: int, name: str, sectors: str, country: str) -> list[str]:
        cells = {"Event ID": str(number), "Event Date": "2018-06-01", "CAMEO Code": "010",
                 "Source Name": name, "Source Sectors": sectors, "Source Country": country,
                 "Target Name": "", "City": "None"}  # fmt: skip
        return [cells.get(column, "") for column in head]

    rows = [
        row(1, "Russia", "", "Russian Federation"),
        row(2, "Government (Iran)", "Government", "Iran"),
        row(3, "Sergey Lavrov", "Executive,Foreign Ministry,Government", "Russian Federation"),
        row(4, "Militia (Iran)", "Unidentified Forces", "Iran"),
        row(5, "Turkmenistan", "", "Turkmenistan"),
        row(6, "Police (Nowhere)", "Police,Government", "Nowhere"),
    ]
    found = read("icews", tmp_path, {"events.2018.tab": in_tabs([head, *rows])})
    acting = found.rows(
        "response_actors",
        "original_id::integer, regexp_replace(actor_id, '_[0-9a-f]{8}$', ''), "
        "regexp_replace(on_behalf_of_id, '_[0-9a-f]{8}$', ''), level",
    )
    assert acting == [
        (1, "act_russia", "act_russia", "not_stated"),
        (2, "act_iran", "act_iran", "government"),
        (3, "act_icews_sergey_lavrov", "act_russia", "government"),
        (4, "act_icews_militia_iran", "act_icews_militia_iran", "not_stated"),
        (5, "act_state_tkm", "act_state_tkm", "not_stated"),
        (6, "act_icews_police_nowhere", "act_icews_police_nowhere", "institution"),
    ]
    assert found.rows("responses", "count(*)", "location_id is not null") == [(0,)]


# --- POLECAT ----------------------------------------------------------------------------------


def polecat(columns: list[str], **cells: str) -> list[str]:
    """Give a synthetic row of POLECAT: None where nothing is told."""
    given = {"Event Date": "2024-01-17", "Event Type": "ACCUSE"} | {
        name.replace("_", " "): value for name, value in cells.items()
    }
    return [given.get(column, "None") for column in columns]


def of_polecat(columns: list[str]) -> list[list[str]]:
    """Give a header and synthetic rows, each with something to beware of."""
    row: Callable[..., list[str]] = partial(polecat, columns)
    iran = {"Actor_Name": "Iran", "Actor_Country": "IRN"}
    return [
        columns,
        row(Event_ID="20240116-1-ab_ASSAULT", Event_Type="ASSAULT", Event_Mode="aerial",
            Event_Date="2024-01-16", Recipient_Name="Pakistan", Recipient_Country="PAK",
            City="Panjgur", Province="Balochistan", Country="PAK", Latitude="26.97",
            Longitude="64.09", Source="An outlet", **iran),
        row(Event_ID="e2", Event_Mode="investigate", Actor_Name="Foreign Ministry",
            Actor_Country="PAK", Primary_Actor_Sector="GOV", Recipient_Name="Iran",
            Recipient_Country="IRN"),
        row(Event_ID="e3", Event_Type="CONSULT", Event_Mode="phone; multilateral", **iran),
        row(Event_ID="e4", Event_Type="COERCE", Actor_Name="Iran; Iraq", Actor_Country="IRN; IRQ"),
        row(Event_ID="e5", Event_Type="CRIME", **iran),
        row(Event_ID="e6", Actor_Name="None"),
        row(Event_ID="e7", Event_Date="None", **iran),
        row(Event_ID="e2", **iran),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        of_polecat(POLECAT),
        of_polecat(sorted(POLECAT)),
        [[c.replace("Event Intensity", "Intensity") for c in of_polecat(POLECAT)[0]],
         *of_polecat(POLECAT)[1:]],
        [["Headline", "Feed", *POLECAT], *of_polecat(POLECAT)[1:]],
        [POLECAT, *([*row, "", ""] for row in of_polecat(POLECAT)[1:])],
        [[*POLECAT, "", ""], *of_polecat(POLECAT)[1:]],
    ],
    ids=["as published", "another order", "another name", "names too many", "tabs too many",
         "header too long"],
)  # fmt: skip
def test_files_of_polecat(tmp_path: Path, rows: list[list[str]]) -> None:
    """Whatever the header and the ends of lines, the same rows come out; None is nothing."""
    found = read("polecat", tmp_path, {"ngecEvents.DV.2024.txt": in_tabs(rows)})
    assert (found.imported.n_in, found.imported.n_rejected) == (8, 4)
    assert [reject[1:4] for reject in found.rejects()] == [
        (6, "event_type", "CRIME"),
        (7, "actor_name", ""),
        (8, "event_date", ""),
        (9, "event_id", "e2"),
    ]
    ((event, number),) = found.rows(
        "events", "event_id, original_id", "original_code = 'ASSAULT/aerial'"
    )
    assert event.startswith("evt_polecat_2024_20240116_1_ab_assault_")
    assert number == "20240116-1-ab_ASSAULT"
    assert found.rows("event_actors", "role, actor_id") == [
        ("attacker", "act_iran"),
        ("on_soil_of", "act_pakistan"),
        ("struck", "act_pakistan"),
    ]
    assert found.rows("locations", "name, kind, country") == [
        ("Panjgur, Balochistan, PAK", "city", "PAK")
    ]
    assert found.rows("responses", "original_id, kind, original_code") == [
        ("e2", "investigate", "ACCUSE/investigate"),
        ("e3", "phone_call", "CONSULT/phone; multilateral"),
        ("e4", "coerce", "COERCE"),
    ]
    assert found.rows(
        "response_actors", "on_behalf_of_id", "original_id = 'e2' and role = 'actor'"
    ) == [("act_pakistan",)]
    assert found.rows("actors", "country", "name = 'Iran; Iraq'") == [(None,)]
    assert found.rows("response_events", "original_id, event_id") == [("e2", event)]
