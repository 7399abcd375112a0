"""A synthetic company, as large as asked: every row is reckoned, none is drawn by chance, so two builds are equal."""
