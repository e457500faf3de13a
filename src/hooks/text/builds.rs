//! What GitHub, GitLab, Gitea and Gogs send to webhooks: who did what where.

use serde_json::Value;

use super::{items, shown, word};

/// The most commits of which each has a line.
const COMMITS: usize = 10;
/// The most characters of the name of an event.
const NAME: usize = 64;

/// What happened, if the body is one of theirs and says something obvious.
pub fn of(body: &Value) -> Option<String> {
    if let Some(kind) = shown(&body["object_kind"]) {
        return gitlab(kind, body);
    }
    // Slack's bodies have neither.
    let place = shown(&body["repository"]["full_name"]).or(shown(&body["organization"]["login"]));
    match place {
        Some(place) if body["text"].is_null() => github(place, body),
        _ => shown(&body["zen"]).map(str::to_owned),
    }
}

/// That something happened of which no more is known than its name: `[octo/hello] ann: star created`.
pub fn happened(event: &str, body: &Value) -> String {
    let project = &body["project"];
    let places = [
        &body["repository"]["full_name"],
        &project["path_with_namespace"],
        &body["organization"]["login"],
        &body["project_name"],
        &body["group_name"],
        &body["repository"]["name"],
        &project["name"],
    ];
    let place = places.into_iter().find_map(shown).unwrap_or("webhook");
    let people = [&body["user"]["name"], &body["user_name"], &body["user_username"]];
    let who = sender(body).or_else(|| people.into_iter().find_map(shown));
    // GitLab writes `Feature Flag Hook`.
    let event: String = event.trim().trim_end_matches(" Hook").chars().take(NAME).collect();
    let action = shown(&body["action"]).or(shown(&body["object_attributes"]["action"]));
    let what = format!("{} {}", event.replace('_', " "), action.unwrap_or_default());
    let url = [&body["html_url"], &body["url"], &body["repository"]["html_url"], &project["web_url"]];
    let url = url.into_iter().find(|url| url.is_string()).unwrap_or(&Value::Null);
    lines(place, who, &what, None, url)
}

fn github(place: &str, body: &Value) -> Option<String> {
    let action = shown(&body["action"]).unwrap_or("changed");
    let of = |name: &str| Some(&body[name]).filter(|about| about.is_object());
    let (what, below, url) = if let Some(run) =
        ["workflow_run", "check_run", "check_suite", "workflow_job"].iter().find_map(|n| of(n))
    {
        let name = shown(&run["name"]).or(shown(&run["app"]["name"])).unwrap_or("a check");
        let state = shown(&run["conclusion"]).or(shown(&run["status"])).unwrap_or(action);
        let branch = shown(&run["head_branch"]).map(|branch| format!(" on {branch}"));
        (format!("{name}: {state}{}", branch.unwrap_or_default()), None, &run["html_url"])
    } else if let Some(comment) = of("comment") {
        let on = of("issue").or(of("pull_request")).map(numbered).unwrap_or_default();
        (format!("{action} a comment{}", after(" on ", &on)), shown(&comment["body"]), &comment["html_url"])
    } else if let Some(review) = of("review") {
        let on = of("pull_request").map(numbered).unwrap_or_default();
        let state = shown(&review["state"]).unwrap_or(action);
        (format!("{state}: review{}", after(" of ", &on)), shown(&review["body"]), &review["html_url"])
    } else if let Some(request) = of("pull_request") {
        let merged = request["merged"] == true && action == "closed";
        let action = if merged { "merged" } else { action };
        (format!("{action} pull request {}", numbered(request)), None, &request["html_url"])
    } else if let Some(issue) = of("issue") {
        (format!("{action} issue {}", numbered(issue)), None, &issue["html_url"])
    } else if let Some(release) = of("release") {
        let name = shown(&release["name"]).or(shown(&release["tag_name"])).unwrap_or_default();
        (format!("{action} release {name}"), None, &release["html_url"])
    } else if let Some(status) = of("deployment_status") {
        let place = shown(&status["environment"]).unwrap_or_default();
        (format!("deployment to {place}: {}", shown(&status["state"])?), None, &status["target_url"])
    } else if let Some(kind) = shown(&body["ref_type"]) {
        let done = if body["master_branch"].is_string() { "created" } else { "deleted" };
        (format!("{done} {kind} {}", shown(&body["ref"])?), None, &body["repository"]["html_url"])
    } else if body["commits"].is_array() {
        return Some(pushed(place, sender(body), body, &body["compare"]));
    } else {
        // A commit status has a text of its own; a ping has a saying.
        let said = shown(&body["description"]).or(shown(&body["zen"]))?;
        let state = shown(&body["state"]).map(|state| format!("{state}: ")).unwrap_or_default();
        (format!("{state}{said}"), None, &body["target_url"])
    };
    Some(lines(place, sender(body), &what, below, url))
}

fn gitlab(kind: &str, body: &Value) -> Option<String> {
    let project = &body["project"];
    let place =
        shown(&project["path_with_namespace"]).or(shown(&body["project_name"])).or(shown(&project["name"]));
    let place = place.unwrap_or("GitLab");
    let who = shown(&body["user"]["name"]).or(shown(&body["user_name"])).or(shown(&body["user_username"]));
    let about = &body["object_attributes"];
    let action =
        shown(&about["action"]).or(shown(&about["state"])).or(shown(&about["status"])).unwrap_or("changed");
    let title = shown(&about["title"]).unwrap_or_default();
    let number = |mark: &str| word(&about["iid"]).map(|iid| format!("{mark}{iid} ")).unwrap_or_default();
    let what = match kind {
        "push" | "tag_push" => return Some(pushed(place, who, body, &Value::Null)),
        "merge_request" => format!("{action} merge request {}{title}", number("!")),
        "issue" | "work_item" | "incident" => format!("{action} issue {}{title}", number("#")),
        "note" => {
            let on = ["merge_request", "issue", "commit", "snippet"]
                .iter()
                .find_map(|name| shown(&body[*name]["title"]));
            let what = format!("commented{}", after(" on ", on.unwrap_or_default()));
            return Some(lines(place, who, &what, shown(&about["note"]), &about["url"]));
        }
        "pipeline" => format!(
            "pipeline {}{action}{}",
            word(&about["id"]).map(|id| format!("#{id} ")).unwrap_or_default(),
            branch(&about["ref"])
        ),
        "build" => format!(
            "job {}: {}{}",
            shown(&body["build_name"])?,
            shown(&body["build_status"])?,
            branch(&body["ref"])
        ),
        "deployment" => {
            format!("deployment to {}: {}", shown(&body["environment"])?, shown(&body["status"])?)
        }
        "release" => {
            format!("{} release {}", shown(&body["action"]).unwrap_or("made"), shown(&body["name"])?)
        }
        _ if title.is_empty() => return None,
        _ => format!("{action} {} {title}", kind.replace('_', " ")),
    };
    let url = [&about["url"], &body["url"], &body["deployable_url"]].into_iter().find(|url| url.is_string());
    Some(lines(place, who, &what, None, url.unwrap_or(&Value::Null)))
}

/// A push, with the first line of each commit.
fn pushed(place: &str, who: Option<&str>, body: &Value, url: &Value) -> String {
    let commits: Vec<_> = items(&body["commits"]).collect();
    let count = body["total_commits_count"].as_u64().unwrap_or(commits.len() as u64);
    let branch = shown(&body["ref"]).unwrap_or_default();
    let branch = branch.strip_prefix("refs/heads/").or(branch.strip_prefix("refs/tags/")).unwrap_or(branch);
    let is_none =
        |id: &Value| id.as_str().is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte == b'0'));
    let kind =
        if shown(&body["ref"]).is_some_and(|name| name.starts_with("refs/tags/")) { "tag" } else { "branch" };
    for (id, done) in [(&body["after"], "deleted"), (&body["before"], "created")] {
        if is_none(id) && commits.is_empty() {
            return lines(place, who, &format!("{done} {kind} {branch}"), None, url);
        }
    }
    let counted = if count == 1 { "1 commit".to_owned() } else { format!("{count} commits") };
    let mut said = vec![lines(place, who, &format!("pushed {counted} to {branch}"), None, url)];
    said.extend(commits.iter().take(COMMITS).filter_map(|commit| {
        let first = shown(&commit["message"])?.lines().next()?;
        let id: String = shown(&commit["id"]).unwrap_or_default().chars().take(8).collect();
        Some(format!("- {id} {first}"))
    }));
    said.join("\n")
}

fn lines(place: &str, who: Option<&str>, what: &str, below: Option<&str>, url: &Value) -> String {
    let who = who.map(|who| format!("{who}: ")).unwrap_or_default();
    let head = format!("[{place}] {who}{what}");
    let parts = [Some(head.trim_end()), below, shown(url)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn sender(body: &Value) -> Option<&str> {
    let people = [&body["sender"]["login"], &body["sender"]["username"], &body["pusher"]["name"]];
    people.into_iter().find_map(shown)
}

fn branch(name: &Value) -> String {
    after(" on ", shown(name).unwrap_or_default())
}

/// `#7: The title`
fn numbered(about: &Value) -> String {
    let number = word(&about["number"]).map(|number| format!("#{number}: ")).unwrap_or_default();
    format!("{number}{}", shown(&about["title"]).unwrap_or_default())
}

fn after(word: &str, said: &str) -> String {
    if said.is_empty() { String::new() } else { format!("{word}{said}") }
}
