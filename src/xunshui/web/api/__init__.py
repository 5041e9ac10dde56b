"""The interface for programs: the catalogue for everyone, the own application by token.

Every call goes through the verb that the page goes through, with the actor of the token and the moment, so
permissions, states and the trail hold alike. Errors are RFC 9457 problems in Chinese: what, where, what is accepted.
"""
