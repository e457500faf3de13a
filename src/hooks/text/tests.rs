//! Bodies as their programs document them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{MOST, of};

#[expect(clippy::needless_pass_by_value, reason = "each is made for this call")]
fn said(body: Value) -> String {
    of(&body, None).unwrap_or_else(|error| panic!("{body}: {error}"))
}

#[test]
fn a_long_body_is_read_once() {
    let begun = Instant::now();
    for text in ["<".repeat(900_000), "<a>".repeat(300_000), format!("{}>", "<http://x ".repeat(90_000))] {
        assert!(said(json!({"text": text})).contains("cut: "));
    }
    let small: Vec<_> = (0..30_000).map(|number| json!({"text": format!("part {number}")})).collect();
    assert!(said(json!({"attachments": small})).starts_with("part 0\npart 1\n"));
    // Looking at each character for each other took minutes.
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn slack() {
    assert_eq!(said(json!({"text": "Hello, world."})), "Hello, world.");
    assert_eq!(
        said(
            json!({"text": "<https://alert-system.com/alerts/1234|Click here> for details &amp; a &lt;b&gt;!"})
        ),
        "Click here (https://alert-system.com/alerts/1234) for details & a <b>!"
    );
    assert_eq!(
        said(json!({"text": "1 < 2, <b>bold</b>, <!here> <https://x.y/>"})),
        "1 < 2, <b>bold</b>, @here https://x.y/"
    );
    let attachment = json!({
        "fallback": "Required plain-text summary of the attachment.", "pretext": "Optional text above",
        "title": "Slack API Documentation", "title_link": "https://api.slack.com/", "text": "Optional text",
        "fields": [{"title": "Priority", "value": "High", "short": false}], "footer": "Slack API", "ts": 123_456_789,
    });
    assert_eq!(
        said(json!({"attachments": [attachment, {"fallback": "only this"}]})),
        "Optional text above\nSlack API Documentation (https://api.slack.com/)\nOptional text\nPriority: High\nonly this"
    );
    let blocks = json!([
        {"type": "header", "text": {"type": "plain_text", "text": "New request"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Type:*\nPaid Time Off"}]},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "by Fred"}, {"type": "image", "image_url": "https://x/y"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "text", "text": "See "}, {"type": "link", "url": "https://x.y/", "text": "here"}]}]},
    ]);
    assert_eq!(
        said(json!({ "blocks": blocks })),
        "New request\n*Type:*\nPaid Time Off\nby Fred\nSee here (https://x.y/)"
    );
    assert_eq!(said(json!({"text": "short", "blocks": blocks})), "short");
}

#[test]
fn discord_and_others() {
    let embed = json!({"title": "Deployed", "description": "to production", "fields": [{"name": "by", "value": "Ann"}]});
    assert_eq!(
        said(json!({"content": "Hello", "embeds": [embed]})),
        "Hello\nDeployed\nto production\nby: Ann"
    );
    assert_eq!(said(json!({"title": "Disk", "message": "is full", "priority": 5})), "Disk\nis full");
    assert_eq!(said(json!({"summary": "Build 7", "title": "", "text": "Build 7 failed"})), "Build 7 failed");
}

#[test]
fn alertmanager() {
    let alert = |status: &str, summary: &str| {
        json!({
            "status": status, "labels": {"alertname": "InstanceDown", "instance": "a:9100"},
            "annotations": {"summary": summary}, "startsAt": "2026-11-28T20:00:00Z", "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus/graph", "fingerprint": "c7a5",
        })
    };
    let body = |status: &str, alerts: Value| {
        json!({
            "version": "4", "groupKey": "{}:{}", "truncatedAlerts": 0, "status": status, "receiver": "chat",
            "groupLabels": {"alertname": "InstanceDown"}, "commonLabels": {"alertname": "InstanceDown", "job": "node"},
            "commonAnnotations": {}, "externalURL": "http://alertmanager:9093", "alerts": alerts,
        })
    };
    assert_eq!(
        said(body("firing", json!([alert("firing", "a is down"), alert("firing", "b is down")]))),
        "[FIRING:2] InstanceDown\n- a is down\n- b is down\nhttp://alertmanager:9093"
    );
    assert_eq!(
        said(body("firing", json!([alert("firing", "a is down"), alert("resolved", "b is up")]))),
        "[FIRING:1] InstanceDown\n- firing: a is down\n- resolved: b is up\nhttp://alertmanager:9093"
    );
    assert_eq!(
        said(body("resolved", json!([alert("resolved", "")]))),
        "[RESOLVED] InstanceDown\n- alertname=InstanceDown instance=a:9100\nhttp://alertmanager:9093"
    );
}

#[test]
fn grafana() {
    let body = json!({
        "receiver": "My Super Webhook", "status": "firing", "orgId": 1, "alerts": [{"status": "firing", "labels": {}}],
        "groupLabels": {}, "commonLabels": {}, "externalURL": "", "version": "1", "truncatedAlerts": 0,
        "title": "[FIRING:1]  (High memory usage)", "state": "alerting", "message": "**Firing**\n\nLabels:\n - alertname = T2",
    });
    assert_eq!(said(body), "[FIRING:1]  (High memory usage)\n**Firing**\n\nLabels:\n - alertname = T2");
}

#[test]
fn github() {
    let (repository, sender) =
        (json!({"full_name": "octo/hello", "html_url": "https://g/octo/hello"}), json!({"login": "ann"}));
    let with = |more: Value| {
        let mut body = json!({"repository": repository, "sender": sender});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        said(body)
    };
    let commits =
        json!([{"id": "6dcb09b5b57875f334f61aebed695e2e4193db5e", "message": "Fix all the bugs\n\nby hand"}]);
    assert_eq!(
        with(
            json!({"ref": "refs/heads/main", "compare": "https://g/c", "commits": commits, "head_commit": {}})
        ),
        "[octo/hello] ann: pushed 1 commit to main\nhttps://g/c\n- 6dcb09b5 Fix all the bugs"
    );
    let request =
        json!({"number": 2, "title": "Update the README", "html_url": "https://g/2", "merged": true});
    assert_eq!(
        with(json!({"action": "closed", "number": 2, "pull_request": request})),
        "[octo/hello] ann: merged pull request #2: Update the README\nhttps://g/2"
    );
    let comment = json!({"action": "created", "issue": {"number": 1, "title": "Spelling"}, "comment": {"body": "Sure!", "html_url": "https://g/1"}});
    assert_eq!(with(comment), "[octo/hello] ann: created a comment on #1: Spelling\nSure!\nhttps://g/1");
    let run = json!({"action": "completed", "workflow_run": {"name": "CI", "conclusion": "failure", "head_branch": "main", "html_url": "https://g/r"}});
    assert_eq!(with(run), "[octo/hello] ann: CI: failure on main\nhttps://g/r");
    assert_eq!(
        with(json!({"zen": "Keep it logically awesome.", "hook_id": 1})),
        "[octo/hello] ann: Keep it logically awesome."
    );
    assert_eq!(
        with(json!({"ref": "v1", "ref_type": "tag", "master_branch": "main"})),
        "[octo/hello] ann: created tag v1\nhttps://g/octo/hello"
    );
}

#[test]
fn gitlab() {
    let (project, user) = (
        json!({"path_with_namespace": "mike/diaspora", "name": "Diaspora"}),
        json!({"name": "Administrator"}),
    );
    let with = |more: Value| {
        let mut body = json!({"project": project, "user": user});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        said(body)
    };
    let commits = json!([{"id": "b6568db1bc1dcd7f8b4d5a946b0b91f9dacd7327", "message": "Update Catalan translation\n"}]);
    assert_eq!(
        with(
            json!({"object_kind": "push", "ref": "refs/heads/master", "total_commits_count": 4, "commits": commits})
        ),
        "[mike/diaspora] Administrator: pushed 4 commits to master\n- b6568db1 Update Catalan translation"
    );
    let request =
        json!({"iid": 1, "title": "MS-Viewport", "action": "open", "url": "http://g/1", "state": "opened"});
    assert_eq!(
        with(json!({"object_kind": "merge_request", "object_attributes": request})),
        "[mike/diaspora] Administrator: open merge request !1 MS-Viewport\nhttp://g/1"
    );
    let pipeline = json!({"id": 31, "iid": 3, "ref": "master", "status": "success", "url": "http://g/p"});
    assert_eq!(
        with(json!({"object_kind": "pipeline", "object_attributes": pipeline})),
        "[mike/diaspora] Administrator: pipeline #31 success on master\nhttp://g/p"
    );
    let note = json!({"note": "This MR needs work.", "url": "http://g/n"});
    assert_eq!(
        with(
            json!({"object_kind": "note", "object_attributes": note, "merge_request": {"title": "Tempora"}})
        ),
        "[mike/diaspora] Administrator: commented on Tempora\nThis MR needs work.\nhttp://g/n"
    );
}

#[test]
fn what_says_nothing_is_refused_by_the_field_that_is_wanted() {
    for body in [
        json!({}),
        json!({"text": ""}),
        json!({"text": " \u{200b}"}),
        json!({"blocks": []}),
        json!({"alerts": []}),
        json!({"text": 7}),
        json!({"attachments": "x", "blocks": {"a": 1}}),
        json!({"object_kind": "unheard_of"}),
        json!({"repository": {"full_name": "a/b"}, "action": "started"}),
    ] {
        let error = of(&body, None).unwrap_err();
        assert_eq!(error.fields()[0].field, "text", "{body}");
    }
}

#[test]
fn what_is_too_long_is_cut_and_says_so() {
    assert_eq!(said(json!({"text": "ä".repeat(MOST)})), "ä".repeat(MOST));
    let cut = said(json!({"text": "ä".repeat(MOST + 1)}));
    assert_eq!(cut.chars().count(), MOST);
    assert!(cut.ends_with("ä\n… (cut: 4097 characters were sent)"), "{cut}");
}

#[test]
fn an_event_that_is_unknown_is_told_by_its_name() {
    let (repository, sender) = (json!({"full_name": "octo/hello"}), json!({"login": "ann"}));
    let star = json!({"action": "created", "starred_at": "2026-11-28T20:00:00Z", "repository": repository, "sender": sender});
    assert!(of(&star, None).is_err());
    assert_eq!(of(&star, Some("star")).unwrap(), "[octo/hello] ann: star created");
    assert_eq!(of(&json!({}), Some("ping")).unwrap(), "[webhook] ping");
    let flag = json!({"object_kind": "feature_flag", "project": {"path_with_namespace": "mike/diaspora"}, "user": {"name": "Ann"}});
    assert_eq!(of(&flag, Some("Feature Flag Hook")).unwrap(), "[mike/diaspora] Ann: Feature Flag");
    assert!(of(&json!({}), Some(" \u{200b}")).unwrap().starts_with("[webhook]"));
    // What says something says it by itself.
    assert_eq!(of(&json!({"text": "hello"}), Some("push")).unwrap(), "hello");
    assert!(of(&star, Some(&"x".repeat(10_000))).unwrap().chars().count() < 200);
}

#[test]
fn a_picture_alone_is_its_address() {
    let picture = json!({"type": "rich", "image": {"url": "https://x.y/a.png"}, "color": 3});
    assert_eq!(said(json!({"content": "", "embeds": [picture]})), "https://x.y/a.png");
    assert_eq!(said(json!({"attachments": [{"image_url": "https://x.y/b.png"}]})), "https://x.y/b.png");
    assert_eq!(said(json!({"embeds": [{"thumbnail": {"url": "https://x.y/c.png"}}]})), "https://x.y/c.png");
}
