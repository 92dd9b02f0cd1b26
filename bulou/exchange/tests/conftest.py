from bulou.people.tests.conftest import county

__all__ = ["county"]
