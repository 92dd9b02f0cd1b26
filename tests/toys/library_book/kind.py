"""A library's one record: a loan opens the duty to return the book, a return meets it."""

from pathlib import Path

from bulou.records.duties import Meets, Opens
from bulou.records.fields import Field, Personal
from bulou.records.kinds import Kind, load_words

KIND = Kind(
    name="library_book",
    version=1,
    subject=("book",),
    recorded_by=frozenset({"librarian"}),
    fields=(
        Field("act", "select_one", choices=("loan", "return"), required=True),
        Field(
            "reader_name",
            "text",
            relevant="${act} = 'loan'",
            required=True,
            personal=Personal("to ask for the book back", keep_days=30, starts="incident"),
        ),
        Field(
            "until",
            "date",
            relevant="${act} = 'loan'",
            constraint=". >= today() and . <= today() + rule('loan.longest_days')",
        ),
        Field("damaged", "yes_no", relevant="${act} = 'return'"),
        Field(
            "pages",
            "repeat",
            relevant="${damaged} = 'yes'",
            fields=(
                Field("page", "integer", required=True, constraint=". >= 1"),
                Field("number", "calculate", calculation="position(..)"),
                Field("harm", "select_multiple", choices=("torn", "wet")),
            ),
        ),
        Field("worst", "calculate", calculation="max(${page})"),
    ),
    duties=(
        Opens("return", "role:reader", when="${act} = 'loan' and ${until} != ''", due="${until}"),
        Opens(
            "return",
            "role:reader",
            when="${act} = 'loan' and ${until} = ''",
            within_hours="rule('loan.usual_days') * 24",
        ),
        Meets("return", when="${act} = 'return'"),
    ),
    summary=("act", "until"),
    words=load_words(Path(__file__).parent),
)
