"""Where talks are played: in this process, in several, or on a Ray cluster. All take and give the same."""
