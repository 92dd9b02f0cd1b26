"""Three villages, in each a worker and a phone with Collect; `python -m tests.openrosa.county` prints them.

In two of them a sweep is ordered that does not count the day of the look-back date itself; the rule set does.
"""

import json

from bulou.site.installation import prepare


def main() -> None:
    prepare()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from bulou.core.divisions import number_of
    from bulou.core.scope import EVERYTHING, seeing
    from bulou.odk.tests.conftest import OTHER_VILLAGE, VILLAGE, make_county, order_sweep, plant

    with seeing(EVERYTHING):
        make_county()
        far = number_of("610927101202")
        phones = {"": plant(VILLAGE, "本村"), "web_": plant(OTHER_VILLAGE, "邻村"), "collect_": plant(far, "远村")}
        for village in (OTHER_VILLAGE, far):
            order_sweep(village, look_back_date="2020-01-08", look_back_included="no")
    made = {}
    for mark, phone in phones.items():
        made |= {f"{mark}token": phone.token, f"{mark}household": str(phone.household),
                 f"{mark}persons": list(map(str, phone.persons))}  # fmt: skip
    print(json.dumps(made))


if __name__ == "__main__":
    main()
