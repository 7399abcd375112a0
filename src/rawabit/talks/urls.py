"""Addresses of conversations on the desk, beside those of their screens."""

from django.urls import path

from rawabit.talks.desk import calling, chats, composer, tasks

urlpatterns = [
    path("call/", calling.call_page, name="call"),
    path("call/keep/", calling.keep_call, name="call-keep"),
    path("call/state/", calling.call_state, name="call-state"),
    path("call/worker.js", calling.call_worker, name="call-worker"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<int:pk>/", tasks.tick, name="task-tick"),
    path("week/", tasks.week, name="week"),
    path("team/", tasks.team_table, name="team-table"),
    path("activities/<int:pk>/meeting.ics", tasks.meeting_file, name="meeting-file"),
    path("talks/<slug:slug>/<int:pk>/", composer.timeline_page, name="timeline"),
    path("talks/<slug:slug>/<int:pk>/say/", composer.say, name="timeline-say"),
    path("talks/<slug:slug>/<int:pk>/meet/", composer.meet, name="timeline-meet"),
    path("talks/<slug:slug>/<int:pk>/seen/", composer.seen, name="timeline-seen"),
    path("contacts/<int:pk>/chat/", chats.upload, name="chat-upload"),
    path("contacts/<int:pk>/chat/<uuid:uid>/", chats.preview, name="chat-preview"),
]
