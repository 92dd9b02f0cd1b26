"""A village, a worker and a phone with Collect: `BULOU_DATA=folder python -m tests.openrosa.county` prints its token."""

import json

from bulou.site.installation import prepare


def main() -> None:
    prepare()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from bulou.core.scope import EVERYTHING, seeing
    from bulou.exchange.odk.tests.conftest import VILLAGE, make_county, plant

    with seeing(EVERYTHING):
        make_county()
        phone = plant(VILLAGE, "本村")
        print(
            json.dumps(
                {"token": phone.token, "household": str(phone.household), "persons": list(map(str, phone.persons))}
            )
        )


if __name__ == "__main__":
    main()
