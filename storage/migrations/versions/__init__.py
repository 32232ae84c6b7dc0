"""One file per revision, named in order."""
