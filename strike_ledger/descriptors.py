"""What describes a release to machines: datapackage.json and croissant.json.

Both are rendered from the YAML beside the tables, from CITATION.cff, and from the documents that
people read, so that nothing is said a second time.
"""

import hashlib
import json
import re
from functools import cache
from pathlib import Path

import duckdb
import yaml
from markdown_it import MarkdownIt

from strike_ledger.declarations import PROJECT, Column, Table
from strike_ledger.reading import released

_PACKAGE_TYPES = {"bigint": "integer", "numeric": "number", "timestamp": "datetime"}
_CROISSANT_TYPES = {
    "string": "sc:Text",
    "integer": "cr:Int64",
    "bigint": "cr:Int64",
    "numeric": "cr:Float64",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "timestamp": "sc:DateTime",
}
_LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "MIT": "https://opensource.org/license/mit",
}


@cache
def citation() -> dict:
    """Give CITATION.cff as an object."""
    return yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))


def section(document: str, heading: str) -> str:
    """Give what a document of the project says under a heading, as one line without its tables.

    Raises ValueError where the document has no such heading.
    """
    text = (PROJECT / document).read_text(encoding="utf-8")
    found = re.search(
        rf"^## {re.escape(heading)}[^\n]*\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    if found is None:
        raise ValueError(f"{document} has no heading '{heading}'")
    cells, prose = False, []
    for block in MarkdownIt().enable("table").parse(found[1]):
        if block.type in ("table_open", "table_close"):
            cells = block.type == "table_open"
        elif block.type == "fence":
            prose.append(" ".join(block.content.split()))
        elif block.type == "inline" and not cells:
            parts = block.children
            prose.append("".join(" " if p.type == "softbreak" else p.content for p in parts))
    return " ".join(" ".join(prose).split())


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_json(content: dict, path: Path) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# --- Data Package ---------------------------------------------------------------------------


def _package_field(column: Column, codes: dict[str, list[dict]]) -> dict:
    limits = {
        "required": column.required or None,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "pattern": column.pattern,
    }
    described = {
        "name": column.name,
        "type": _PACKAGE_TYPES.get(column.base_type, column.base_type),
        "description": column.description,
        "constraints": {name: limit for name, limit in limits.items() if limit is not None},
    }
    if column.code_list:
        described["categories"] = codes[column.code_list]
    return described


def _package_schema(table: Table, codes: dict[str, list[dict]]) -> dict:
    targets = [(column.name, *column.target) for column in table.columns if column.target]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_package_field(column, codes) for column in table.columns],
        "primaryKey": list(table.primary_key),
        "foreignKeys": [
            {
                "fields": [name],
                "reference": {
                    **({} if other == table.name else {"resource": other}),
                    "fields": [key],
                },
            }
            for name, other, key in targets
        ],
        "missingValues": [{"value": "", "label": "unknown or not recorded; never zero"}],
    }


def write_datapackage(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write datapackage.json (Data Package 2.0) for the CSVs in a folder."""
    codes: dict[str, list[dict]] = {}
    for code_list, code, label in connection.execute(
        "select code_list, code, label from record.codes order by code_list, sort_order, code"
    ).fetchall():
        codes.setdefault(code_list, []).append({"value": code, "label": label})
    sources = connection.execute(
        "select title, url from record.sources where url is not null order by source_id"
    ).fetchall()
    cited = citation()
    tabular = [
        {
            "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
            "name": name,
            "type": "table",
            "description": table.description,
            "path": f"csv/{name}.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": (folder / "csv" / f"{name}.csv").stat().st_size,
            "hash": f"sha256:{sha256(folder / 'csv' / f'{name}.csv')}",
            "schema": _package_schema(table, codes),
        }
        for name, table in released().items()
    ]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "strike-ledger",
        "title": cited["title"],
        "description": cited["abstract"],
        "version": cited["version"],
        "created": f"{cited['date-released']}T00:00:00Z",
        "keywords": cited["keywords"],
        "licenses": [
            {"name": name, "path": _LICENCES[name], "title": part}
            for name, part in zip(cited["license"], ("the data", "the code"), strict=True)
        ],
        "contributors": [
            {"title": author["name"], "roles": ["creator"]} for author in cited["authors"]
        ],
        "sources": [{"title": title, "path": url} for title, url in sources],
        "resources": tabular,
    }
    _write_json(package, folder / "datapackage.json")


# --- Croissant ------------------------------------------------------------------------------


# Which part of which document answers each question of responsible AI.
_RESPONSIBLE = {
    "dataCollection": ("CODING.md", "What enters"),
    "dataCollectionMissingData": ("RULES.md", "From a report to its bounds"),
    "dataAnnotationProtocol": ("CODING.md", "Statements"),
    "dataAnnotationAnalysis": ("CODING.md", "How far two codings agree"),
    "dataUseCases": ("README.md", "Uses"),
    "dataBiases": ("README.md", "Whose voices are heard"),
    "dataLimitations": ("README.md", "Limits"),
    "personalSensitiveInformation": ("README.md", "Personal data"),
    "dataReleaseMaintenancePlan": ("README.md", "Correcting, and comparing two releases"),
}


def _croissant_field(table: Table, column: Column) -> dict:
    described = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": _CROISSANT_TYPES[column.base_type],
        "source": {
            "fileObject": {"@id": f"csv/{table.name}.csv"},
            "extract": {"column": column.name},
        },
    }
    if column.target:
        described["references"] = {"field": {"@id": "/".join(column.target)}}
    return described


def _croissant_file(path: Path) -> dict:
    name = f"csv/{path.name}"
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": "text/csv",
        "sha256": sha256(path),
    }


def _context() -> dict:
    """Give the vocabulary that Croissant 1.1 prescribes: what each short name stands for."""
    plain = (
        "arrayShape citeAs column conformsTo containedIn equivalentProperty extract field "
        "fileProperty fileObject fileSet format includes isArray isLiveDataset jsonPath key md5 "
        "parentField path recordSet references regex replace repeated samplingRate separator "
        "source subField transform unArchive value"
    )
    return {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "dct": "http://purl.org/dc/terms/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "sc": "https://schema.org/",
        **{name: f"cr:{name}" for name in plain.split()},
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "description": {"@container": "@language"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        "name": {"@container": "@language"},
    }


def write_croissant(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write croissant.json (Croissant 1.1 with the fields of responsible AI) for the CSVs."""
    days = "select min(from_date), max(to_date) from civilian_harm_by_strike"
    first, last = connection.execute(days).fetchone()
    cited = citation()
    dataset = {
        "@context": _context(),
        "@type": "sc:Dataset",
        "name": cited["title"],
        "description": cited["abstract"],
        "conformsTo": [
            "http://mlcommons.org/croissant/1.1",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "citeAs": connection.execute("select citation from about").fetchone()[0],
        "creator": [{"@type": "sc:Organization", "name": a["name"]} for a in cited["authors"]],
        "datePublished": cited["date-released"],
        "inLanguage": "en",
        "isLiveDataset": False,
        "keywords": cited["keywords"],
        "license": [_LICENCES[name] for name in cited["license"]],
        "temporalCoverage": f"{first}/{last}",
        "version": cited["version"],
        **{f"rai:{name}": section(*place) for name, place in _RESPONSIBLE.items()},
        "rai:dataCollectionType": "Manual Human Curator",
        "distribution": [_croissant_file(folder / "csv" / f"{name}.csv") for name in released()],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": name,
                "name": name,
                "description": table.description,
                "key": [{"@id": f"{name}/{column}"} for column in table.primary_key],
                "field": [_croissant_field(table, column) for column in table.columns],
            }
            for name, table in released().items()
        ],
    }
    _write_json(dataset, folder / "croissant.json")
