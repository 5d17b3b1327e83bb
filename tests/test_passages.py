"""Whether locators are tested against a text as CODING.md, section Passages, writes it down."""

import csv
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from strike_ledger.cli import main
from strike_ledger.declarations import PROJECT, RECORD
from strike_ledger.passages import fingerprint, normalise, paragraphs, verify

# Our own document, as an editor might save it: quotes, no-break spaces, loose accents, blanks.
DOCUMENT = (
    "  A heading \n"
    "\n"
    "\u201cIt\u2019s over,\u201d she said\u00a0\u2013 in  Tehran.\n"
    "\u00a0\t\n"
    "Cafe\u0301 \u00abRouge\u00bb, 6\u2032 by 9\u2033.\r\n"
    "The end.\n"
)
NORMAL = [
    "A heading",
    '"It\'s over," she said \u2013 in Tehran.',
    'Caf\u00e9 "Rouge", 6\' by 9".',
    "The end.",
]
# The same document as another editor saves it: decomposed, straight quotes, other spaces.
RESAVED = "\n\n".join(unicodedata.normalize("NFD", p).replace(" ", " \u202f") for p in NORMAL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a passages.csv on the document: the heading has no hash, another source one row."""
    lines = ["passage_id,source_id,locator_kind,locator,n_characters,sha256"]
    for number, paragraph in enumerate(NORMAL[1:], start=2):
        length, sha256 = fingerprint(paragraph)
        lines.append(f"psg_{number},src_own,paragraph,{number},{length},{sha256}")
    lines.append("psg_1,src_own,paragraph,1,,")
    lines.append("psg_page,src_own,page,1,3,00")
    lines.append("psg_bare,src_bare,paragraph,1,,")
    (tmp_path / "passages.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_paragraphs_are_the_normalised_lines_that_are_not_blank():
    """Counting starts at 1 over such lines, so a blank one must never be counted."""
    assert paragraphs(DOCUMENT) == NORMAL


@pytest.mark.parametrize(
    "characters",
    ["\u2018\u2019\u201a\u201b\u2032\u2039\u203a'", '\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"'],
    ids=["single", "double"],
)
def test_quotation_marks_all_become_the_plain_one(characters: str):
    """Editors exchange quotation marks on their own; the hash must not notice."""
    plain = characters[-1]
    assert normalise(characters) == plain * len(characters)


@pytest.mark.parametrize("text", [DOCUMENT, RESAVED, *NORMAL, "", "\u00a0", "e\u0301\u2003\u2028x"])
def test_a_normalised_text_stays_as_it_is(text: str):
    """The rule is a normal form: NFC, single plain spaces, trimmed, and stable when repeated."""
    once = normalise(text)
    assert normalise(once) == once
    assert once == unicodedata.normalize("NFC", once)
    assert once == " ".join(once.split())


def test_the_fingerprint_is_of_what_is_meant_not_of_how_it_is_saved():
    """Length in characters, not bytes; equal for both savings, different for a changed letter."""
    assert [*map(fingerprint, paragraphs(DOCUMENT))] == [*map(fingerprint, paragraphs(RESAVED))]
    # printf 'Caf\u00e9' | sha256sum
    assert fingerprint(" Cafe\u0301\n") == (
        4,
        "73473dcc12b763085904a5279d048c4d5b3b008c46f1f32443b99de04aa83a14",
    )
    assert fingerprint("The end.") != fingerprint("The End.")


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        (DOCUMENT, [("holds", "")] * 3),
        (RESAVED, [("holds", "")] * 3),
        (
            "A new line on top.\n" + DOCUMENT,
            [("moved", f"found as paragraph {n}") for n in (3, 4, 5)],
        ),
        (
            DOCUMENT.replace("The end.", "The End."),
            [("holds", ""), ("holds", ""), ("fails", "same length, other wording")],
        ),
        (
            DOCUMENT.replace("The end.", "The very end."),
            [("holds", ""), ("holds", ""), ("fails", "13 characters, not 8")],
        ),
        (
            "\n".join(NORMAL[:2]),
            [("holds", ""), *[("fails", "the text has 2 paragraphs")] * 2],
        ),
        ("", [("fails", "the text has 0 paragraphs")] * 3),
    ],
    ids=["as written", "saved anew", "moved", "reworded", "longer", "cut", "empty"],
)
def test_verify_says_what_became_of_each_passage(
    folder: Path, text: str, verdicts: list[tuple[str, str]]
):
    """Only hashed paragraphs are tested, each told as holds, moved or fails with the reason."""
    told = verify(text, "src_own", folder)
    assert [(v.state, v.detail) for v in told] == verdicts
    assert [(v.passage_id, v.locator) for v in told] == [(f"psg_{n}", str(n)) for n in (2, 3, 4)]


@pytest.mark.parametrize("source", ["src_nowhere", "src_bare"])
def test_verify_does_not_pass_by_testing_nothing(folder: Path, source: str):
    """A misspelt source, or one without a hash, would otherwise hold in silence."""
    with pytest.raises(ValueError, match=source):
        verify(DOCUMENT, source, folder)


@pytest.mark.parametrize(
    ("content", "arguments", "status", "said"),
    [
        (DOCUMENT.encode(), [], 1, "\n0 of "),
        (DOCUMENT.encode(), ["--source", "src_nowhere"], 1, "no hashed paragraph of src_nowhere"),
        (b"Caf\xe9\n", [], 1, "text.txt"),
    ],
    ids=["another text", "unknown source", "not UTF-8"],
)
def test_the_command_fails_and_says_why(
    tmp_path: Path, content: bytes, arguments: list[str], status: int, said: str
):
    """Whoever runs it in a script relies on the exit status, whoever reads it on the reason."""
    (tmp_path / "text.txt").write_bytes(content)
    result = CliRunner().invoke(main, ["verify", "--text", str(tmp_path / "text.txt"), *arguments])
    assert result.exit_code == status
    assert said in result.output
    assert "Traceback" not in result.output


def test_the_command_succeeds_where_all_hold(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    """Exit status 0 and the count, on a record whose text we may hold: our own document."""
    monkeypatch.setattr(verify, "__defaults__", (folder,))
    (tmp_path / "text.txt").write_text(DOCUMENT, encoding="utf-8")
    arguments = ["verify", "--text", str(tmp_path / "text.txt"), "--source", "src_own"]
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "3 of 3 locators hold.")


def test_no_two_passages_of_the_record_share_a_hash():
    """Two would mean a paragraph pasted twice: `moved` could then name the wrong one."""
    with (PROJECT / RECORD / "passages.csv").open(encoding="utf-8", newline="") as file:
        hashes = [row["sha256"] for row in csv.DictReader(file) if row["sha256"]]
    assert hashes
    assert len(hashes) == len(set(hashes))
