"""People, organisations, and the part in which a person acts: who is asking, and for whom.

A person never acts as such, but as a member of an organisation; the organisation's kind gives the part
(`Role`), its region gives the jurisdiction. `Actor` is what every verb of the programme takes.
"""
