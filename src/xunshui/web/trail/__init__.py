"""The trail: every act of a round, appended and hash-chained, so that a later change of history shows.

Rows carry names and ids as text, never foreign keys: history outlives accounts. The previous hash is read
under a lock, so that two acts at once cannot fork the chain.
"""
