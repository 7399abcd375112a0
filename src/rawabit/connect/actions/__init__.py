"""What is done with imports: begun, continued, finished, taken back."""

from rawabit.connect.actions.running import begin, commit, finish, rehearse, stop
from rawabit.connect.actions.undoing import Kept, undo

__all__ = ["Kept", "begin", "commit", "finish", "rehearse", "stop", "undo"]
