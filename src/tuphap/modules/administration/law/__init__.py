"""Law as data, kept by officials: procedures, parameters and days, each change with the document that orders it."""
