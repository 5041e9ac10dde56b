"""The web: the programme and the public catalogue, and later the console, as one Django project.

project      settings, addresses, what starts it
api          data for other programs
catalogue    what the public sees of published cases
programme    from call to published list
trail        every act, hash-chained
accounts     people, organisations and the part a person acts in
"""
