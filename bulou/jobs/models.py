"""What was asked for and is not done yet. A row goes with the transaction that did the work: the table stays small."""

from django.db import models


class Job(models.Model):
    """One piece of work. Its id is that of what it makes: a draft of a roster, the import of a list."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    work = models.CharField(max_length=64)  # which work, by the name it is declared under
    area = models.BigIntegerField()
    given = models.TextField(default="{}")  # JSON: how it was asked for
    file = models.BinaryField(null=True)  # what was brought, until it is done
    scope = models.TextField()  # JSON: the ranges of areas that whoever asked could see
    language = models.CharField(max_length=12)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    state = models.CharField(max_length=10)  # waiting, taken, failed, stopped
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()  # from when a process may take it; taken: from when it is taken for dead
    token = models.UUIDField(null=True)  # of the process that has it: without it nothing of the work is written
    why = models.CharField(max_length=300, blank=True, default="")  # code|what, of the last try
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index("state", "due_at", name="jobs_job_due")]
