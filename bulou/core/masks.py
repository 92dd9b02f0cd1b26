"""How a person's name, phone and ID number look to someone who has not asked, on record, to see them."""


def mask_name(name: str) -> str:
    """Return the name with only its first and last character left: 张*明, 欧**娜; two characters keep the first."""
    if len(name) <= 2:
        return name[:1] + "*" if len(name) == 2 else "*" * len(name)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_phone(phone: str) -> str:
    """Return the phone with its middle hidden: 138****5678. A short one shows only its last two signs."""
    if len(phone) >= 11:
        return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
    return "*" * (len(phone) - 2) + phone[-2:] if len(phone) > 4 else "*" * len(phone)


def mask_id_number(number: str) -> str:
    """Return the ID number with its birth date hidden: 4115**********123X. Others show their last two signs."""
    if len(number) == 18:
        return number[:4] + "*" * 10 + number[-4:]
    return "*" * (len(number) - 2) + number[-2:] if len(number) > 4 else "*" * len(number)
