"""The office's policy: who is responsible, in which hours, by which promises.

An office writes down once how it works: its people, queues, categories, calendars, promises, approvals, vendors and escalations. The
document is checked as a whole, every mistake with its line and a sentence that says what to do; kept as rows, one per section and key; and
read by every feature as one immutable `Office` whose questions ("who is responsible for this?", "which promise holds?") are dictionary
lookups. Whatever an office leaves out falls to something sensible: the default taxonomy, a front desk, and in the end the owner.

* `values`: durations, money, hours, moments of the week, and how they are written.
* `codes`: closed lists (currencies, service areas, kinds of fields).
* `shape`, `sections`: the one description of the document, and the walk that reads any document by it.
* `check`, `links`: what is wrong with a document.
* `rows`, `changes`: the document as rows and back, and what an apply would change.
* `policy`, `build`, `model`: the typed policy and the `Office` that answers from it.
* `calendar`: working time.
"""
