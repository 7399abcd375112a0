"""One sentence for every code of the import. Marked for translation; filled with the facts by name."""

from __future__ import annotations

from typing import Any

from rawabit.kit.marking import _

TABLE: dict[str, Any] = {
    "table.unreadable": _("The file %(path)s cannot be opened: %(reason)s."),
    "table.empty": _("The file %(path)s is empty."),
    "table.old_excel": _("%(path)s is an old or password-protected Excel file: save it as .xlsx or CSV."),
    "table.not_a_table": _("%(path)s is not a table: import takes CSV and XLSX."),
    "table.nul": _("Line %(line)s holds zero bytes: the file is damaged or is not a text table."),
    "table.encoding_unknown": _("The encoding “%(encoding)s” is not known; use one of: %(allowed)s."),
    "table.delimiter_unknown": _("The delimiter “%(delimiter)s” is not known; use a comma, semicolon, tab or pipe."),
    "table.line_too_long": _("Line %(line)s is longer than any table row: the file is damaged or is not a table."),
    "table.no_header": _("%(path)s has no column names in row %(row)s."),
    "table.header_blank": _("Column %(position)s has no name in the header row."),
    "table.header_double": _("These column names stand twice in the header row: %(columns)s."),
    "table.too_many_columns": _("The table has %(columns)s columns; at most %(limit)s can be read."),
    "table.no_sheet": _("The workbook has no sheet “%(sheet)s”; it has: %(sheets)s."),
    "table.workbook_broken": _("The Excel file is damaged and cannot be opened."),
    "table.workbook_locked": _("The Excel file is protected by a password: save it without one."),
    "table.workbook_too_big": _("The Excel file unpacks to %(megabytes)s MB; at most %(limit)s MB are read. Use CSV."),
    "table.workbook_bomb": _("The Excel file is packed like a decompression bomb and was not opened."),
    "table.workbook_doctype": _("The Excel file contains a document type, which a workbook never needs; not opened."),
}

ROWS: dict[str, Any] = {
    "row.short": _("The row has fewer cells than the header."),
    "row.long": _("The row has more cells than the header."),
    "row.cut_off": _("The file ends in the middle of this row."),
    "row.open_quote": _("A quotation mark in this row is never closed."),
    "row.bad_bytes": _("The row holds bytes that do not fit the file's encoding."),
}

NOTES: dict[str, Any] = {
    "encoding.given": _("Read as %(encoding)s, as asked."),
    "encoding.mark": _("Read as %(encoding)s: the file says so with a byte order mark."),
    "encoding.zeros": _("Read as %(encoding)s: every second byte is zero, as in UTF-16 without a mark."),
    "encoding.ascii": _("Read as %(encoding)s: the file holds only ASCII characters."),
    "encoding.utf8": _("Read as %(encoding)s: every byte fits."),
    "encoding.utf8_damaged": _("Read as %(encoding)s, but %(bad)s places do not fit: those rows are reported."),
    "encoding.same_either_way": _("Read as %(encoding)s: the text is the same in %(other)s."),
    "encoding.letters_high": _("Read as %(encoding)s: its letters fit much better than %(other)s."),
    "encoding.letters_low": _("Read as %(encoding)s, but it might be %(other)s: check names, or name the encoding."),
    "delimiter.given": _("Cells are separated by “%(delimiter)s”, as asked."),
    "delimiter.found": _("Cells are separated by “%(delimiter)s”."),
    "delimiter.unsure": _("Cells seem to be separated by “%(delimiter)s”, but it might be “%(other)s”."),
    "delimiter.one_column": _("The table has one column."),
    "sheet.taken": _("Sheet “%(sheet)s” of %(sheets)s."),
}

VALUES: dict[str, Any] = {
    "value.missing": _("%(column)s is empty, but needed."),
    "value.not_a_number": _("%(column)s: “%(value)s” is not a number."),
    "value.not_whole": _("%(column)s: “%(value)s” is not a whole number."),
    "value.not_a_date": _("%(column)s: “%(value)s” is not a date."),
    "value.date_format": _("%(column)s: “%(value)s” is not a date written as %(format)s."),
    "value.not_a_bool": _("%(column)s: “%(value)s” is neither yes nor no."),
    "value.not_a_choice": _("%(column)s: “%(value)s” is not one of: %(choices)s."),
    "value.too_large": _("%(column)s: “%(value)s” is too large."),
    "value.too_many_places": _("%(column)s: “%(value)s” has more than %(places)s decimal places."),
    "value.too_long": _("%(column)s is longer than %(limit)s characters."),
}

MAPS: dict[str, Any] = {
    "map.unreadable": _("The map %(place)s cannot be read: %(reason)s."),
    "map.syntax": _("The map %(place)s is not valid TOML: %(reason)s."),
    "map.unknown_key": _("%(place)s: “%(key)s” is not known here; possible are: %(known)s."),
    "map.missing_key": _("%(place)s: “%(key)s” is missing."),
    "map.wrong_type": _("%(place)s: “%(key)s” must be %(expected)s."),
    "map.unknown_entity": _("%(place)s: there is nothing called “%(entity)s” to import; possible are: %(known)s."),
    "map.unknown_field": _("%(place)s: %(entity)s has no field “%(field)s”; possible are: %(known)s."),
    "map.no_targets": _("%(place)s has no [[target]]."),
    "map.required_field": _("%(place)s: the field “%(field)s” of %(entity)s is needed."),
    "map.key_not_mapped": _("%(place)s: the key “%(field)s” is not among the columns."),
    "map.not_one_source": _("%(place)s needs exactly one of column, constant, text."),
    "map.bad_transform": _("%(place)s: the transform “%(transform)s” does not fit; possible are: %(known)s."),
    "map.bad_format": _("%(place)s: the date format “%(format)s” is not understood."),
    "map.bad_calendar": _("%(place)s: the calendar “%(calendar)s” is not known; use gregorian, hijri or jalali."),
    "map.bad_value": _("%(place)s: “%(value)s” does not fit: %(reason)s"),
    "map.bad_condition": _("%(place)s needs a column and exactly one of: %(known)s."),
    "map.bad_placeholder": _("%(place)s: the braces in “%(text)s” do not name columns."),
    "map.lines_without_group": _("%(place)s: lines need group_by, the columns that tell one document from the next."),
    "map.no_lines": _("%(place)s: %(entity)s has no lines."),
    "map.missing_column": _("%(place)s: the table %(table)s has no column “%(column)s”; it has: %(columns)s."),
    "map.bad_timezone": _("%(place)s: the time zone “%(timezone)s” is not known."),
    "map.no_file": _("%(place)s: no file in the folder matches “%(file)s”."),
}

SENTENCES: dict[str, Any] = {**TABLE, **ROWS, **NOTES, **VALUES, **MAPS}
