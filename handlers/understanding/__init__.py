"""What people mean by what they type: which category, problem or wish, yes or no, which day, how much.

Everything here is a pure function of the words (and of the office's own words): the same words are always understood in the same way, and
what is not clearly understood is None, so that the desk asks instead of guessing.

* `categorizer`: the category of a report, with how sure it is; `lexicon_*` are its word lists, `index` looks words up in them.
* `kinds`: problem or wish.
* `reader`: the answers to the desk's questions; `dates`, `amounts`, `consent` and `chatter` each read one kind of them.
* `tokens`: text into words.
"""
