"""Feeds parsers broken files, for minutes or for a night: `make soak`.

The contract of a parser is that it gives values and `Rejected`, or raises a TweestadError with one sentence:
no other exception, no crash, no more than a stated time and memory. A parser joins by one line in
`parsers.py`.
"""
