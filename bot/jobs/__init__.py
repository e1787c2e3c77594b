"""Time: what is done without being asked. Start at `schedule`, the one table of jobs."""

from bot.jobs.job import Job, JobReport, JobUnknown, find
from bot.jobs.runner import Rhythm, Runner, running_jobs
from bot.jobs.schedule import UseCases, table

__all__ = [
    "Job",
    "JobReport",
    "JobUnknown",
    "Rhythm",
    "Runner",
    "UseCases",
    "find",
    "running_jobs",
    "table",
]
