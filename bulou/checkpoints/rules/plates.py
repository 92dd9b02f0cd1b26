"""What a number plate is made of, for the keys of a phone's desk. The phone tells plates apart; it refuses none."""

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I, no O
KINDS = ("ordinary", "new_energy", "police", "military", "other", "none")
"""`other`: as typed, not recognised (foreign, temporary, unreadable). `none`: on foot or without a plate."""
