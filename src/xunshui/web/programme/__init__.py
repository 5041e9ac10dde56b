"""The programme: from the ministry's call to the published list.

Every change is one verb (`submit`, `recommend`, `score` …): it takes the actor and the moment, asks the table
in `review` whether the step may be taken, writes, and leaves a line in the trail, in one transaction.
"""
