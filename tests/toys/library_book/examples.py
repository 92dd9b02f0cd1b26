"""What a library book's records do."""

from bulou.records.examples import Example, Said

LOAN = Said("library_book", "book:1", "2020-02-03 10:00", {"act": "loan", "reader_name": "安娜", "until": "2020-02-10"})
RETURN = Said("library_book", "book:1", "2020-02-09 18:00", {"act": "return", "damaged": "no"})

EXAMPLES = [
    Example(
        "A book that is out is owed until the end of its last day",
        [LOAN],
        now="2020-02-10 23:59",
        owed={("return", "book:1"): "open"},
        shown={"办理": "借出", "归还期限": "2020-02-10"},
        rules="library",
    ),
    Example(
        "The day after, it is overdue",
        [LOAN],
        now="2020-02-11 00:01",
        owed={("return", "book:1"): "overdue"},
        rules="library",
    ),
    Example("A return meets the duty", [LOAN, RETURN], owed={("return", "book:1"): "met"}, rules="library"),
    Example(
        "Without a date the usual days count",
        [Said("library_book", "book:1", "2020-02-03 10:00", {"act": "loan", "reader_name": "安娜"})],
        now="2020-02-17 10:01",
        owed={("return", "book:1"): "overdue"},
        rules="library",
    ),
    Example(
        "A loan longer than the rules allow is refused",
        [Said("library_book", "book:1", "2020-02-03", {"act": "loan", "reader_name": "安娜", "until": "2020-09-01"})],
        refused="归还期限",
        rules="library",
    ),
    Example(
        "A torn page without its number is refused",
        [
            Said(
                "library_book",
                "book:1",
                "2020-02-03",
                {"act": "return", "damaged": "yes", "pages": [{"harm": ["torn"]}]},
            ),
        ],
        refused="第 1 行",
        rules="library",
    ),
]
