"""The demo's data: four rounds with everything in them, all invented, the same each time.

Every case goes through the verbs that people's clicks call, with the moment given, so that its trail is
whole. Names say that they are invented: people are called after the ten stems, companies carry 示例.
`make.make_demo` makes it; nothing is imported here, since the clock is set before Django is ready.
"""
