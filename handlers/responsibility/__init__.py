"""Who answers for what: the responsibility matrix of the office, asked in plain words ("who printers") or looked at as a whole."""
