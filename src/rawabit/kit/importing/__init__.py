"""Tables in, whatever their shape: files, maps and values. Knows no business noun.

``open_table`` reads CSV and XLSX row by row, ``load_map`` checks a map, ``Target.read`` turns a row into fields.
"""

from rawabit.kit.importing.mapreader import load_map, parse_map
from rawabit.kit.importing.maps import EntitySpec, FieldSpec, ImportMap, Pick, Source, Target, Value, Values
from rawabit.kit.importing.problems import ImportProblem, MapError, TableError, ValueProblem, sentence
from rawabit.kit.importing.tables import Note, Row, Table, open_table

__all__ = [
    "EntitySpec",
    "FieldSpec",
    "ImportMap",
    "ImportProblem",
    "MapError",
    "Note",
    "Pick",
    "Row",
    "Source",
    "Table",
    "TableError",
    "Target",
    "Value",
    "ValueProblem",
    "Values",
    "load_map",
    "open_table",
    "parse_map",
    "sentence",
]
