from tests.trade.conftest import at_the_makers_moment, desk

__all__ = ["at_the_makers_moment", "desk"]
