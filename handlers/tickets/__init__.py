"""A ticket's life: somebody reports, the desk finds whose it is, an agent takes it, says how it was fixed, and the requester confirms.

`model` holds the rules; `report`, `working`, `talking`, `closing`, `looking` the use cases; `cards`, `fill` what people see and fill in;
`posting` where a ticket's cards stand, `routes` the names all this answers to.
"""
