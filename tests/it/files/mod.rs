//! Files: what is kept of them, who may fetch them, the messages they come with, and their end.

mod attaching;
mod fetching;
mod sweeping;
mod uploading;
