"""The command line: `deskbell run | demo | db | office | doctor | version`. Whatever goes wrong is said in a sentence."""
