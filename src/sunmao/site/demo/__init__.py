"""The demo register as facts: data files only, each fact with the document and passage it was read in."""
