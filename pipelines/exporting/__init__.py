"""Exports: whom somebody asked for, whom we may write to, in a file that no spreadsheet can be hurt by."""
