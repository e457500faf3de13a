//! Files: what is kept of them, who may fetch them, the messages they come with, and their end.

mod attaching;
mod documents;
mod fetching;
mod forms;
mod linking;
mod sweeping;
mod uploading;
