"""Sources: what is known was read somewhere. Document: one text with outlet, date as said and reliability.
Citation: which fact of a record was read in which passage of which document; each room owns its own rows."""
