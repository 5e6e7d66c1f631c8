"""Names that say nothing of who is behind them, and are still easy to call out in a classroom."""

import hashlib

_LOOKS = (
    *("Amber", "Azure", "Birch", "Bright", "Bronze", "Cedar", "Clear", "Cloud", "Copper", "Coral", "Crystal", "Dawn"),
    *("Early", "Ember", "Fern", "Forest", "Frost", "Golden", "Granite", "Green", "Hazel", "Indigo", "Ivory", "Jade"),
    *("Linen", "Lunar", "Maple", "Meadow", "Mint", "Misty", "Mossy", "Northern", "Ocean", "Olive", "Opal", "Orchid"),
    *("Pearl", "Pine", "Quartz", "Quiet", "Rainy", "River", "Ruby", "Saffron", "Sandy", "Scarlet", "Silver", "Snowy"),
    *("Solar", "Starry", "Stone", "Summer", "Sunny", "Teal", "Topaz", "Velvet", "Violet", "Willow", "Windy", "Winter"),
)
_ANIMALS = (
    *("Badger", "Beaver", "Bison", "Bittern", "Bunting", "Crane", "Curlew", "Dipper", "Dolphin", "Eider", "Falcon"),
    *("Finch", "Fox", "Gannet", "Grebe", "Hare", "Harrier", "Hawk", "Hedgehog", "Heron", "Ibex", "Jackdaw", "Kestrel"),
    *("Kingfisher", "Lapwing", "Lark", "Linnet", "Lynx", "Marten", "Martin", "Merlin", "Nightjar", "Oriole", "Osprey"),
    *("Otter", "Owl", "Petrel", "Pipit", "Plover", "Puffin", "Raven", "Redstart", "Robin", "Salmon", "Seal", "Siskin"),
    *("Snipe", "Sparrow", "Squirrel", "Stork", "Swallow", "Swan", "Swift", "Tern", "Thrush", "Wagtail", "Warbler"),
)
_NUMBERS = range(10, 100)


def propose_pseudonym(seed: str, attempt: int = 0) -> str:
    """The pseudonym that goes with a seed, such as ``Amber Heron 27``: always the same one.

    Another ``attempt`` gives another name, for when the first is taken. There are some 300,000 in all.
    """
    number = int.from_bytes(hashlib.sha256(f"pseudonym|{seed}|{attempt}".encode()).digest())
    number, look = divmod(number, len(_LOOKS))
    number, animal = divmod(number, len(_ANIMALS))
    return f"{_LOOKS[look]} {_ANIMALS[animal]} {_NUMBERS[number % len(_NUMBERS)]}"


def choose_pseudonym(seed: str, taken: set[str]) -> str:
    """The first pseudonym of a seed that is not taken; after many attempts one with a longer number."""
    for attempt in range(50):
        proposed = propose_pseudonym(seed, attempt)
        if proposed not in taken:
            return proposed
    extra = 100
    while f"{proposed} {extra}" in taken:
        extra += 1
    return f"{proposed} {extra}"
