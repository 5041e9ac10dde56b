"""How allauth fits the house: accounts are given by organisations, nobody signs up into one unseen."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Closes allauth's own sign-up; registration of an organisation makes the first account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: the page of allauth is not used."""
        return False
