//! Listing and finding files below the root, as a browser asks for them.

use crate::support::Server;
use std::fs;
use std::os::unix::fs::symlink;

async fn found(server: &Server, query: &str) -> Vec<String> {
    let reply = server.api("GET", &format!("/api/files/find?{query}"), "").await;
    assert_eq!(reply.status, 200, "{query}: {reply:?}");
    let json = reply.json();
    assert_eq!(json["truncated"], false);
    let matches = json["matches"].as_array().expect("matches").iter();
    matches.map(|found| found["path"].as_str().expect("path").to_owned()).collect()
}

#[tokio::test]
async fn files_are_found_by_what_is_typed_and_never_outside_the_root() {
    let server = Server::start().await;
    let root = server.dir.path().join("root");
    fs::create_dir_all(root.join("project/src/web")).expect("mkdir");
    fs::create_dir_all(root.join("project/target")).expect("mkdir");
    fs::create_dir_all(server.dir.path().join("secret")).expect("mkdir");
    for file in ["project/src/web/routes.rs", "project/target/routes.o", "../secret/routes.key", "project/Größe.md"] {
        fs::write(root.join(file), "").expect("write");
    }
    fs::write(root.join("project/.gitignore"), "target/\n").expect("write");
    symlink("../../secret", root.join("project/out")).expect("link");
    symlink("/etc", root.join("etc")).expect("link");

    assert_eq!(found(&server, "cwd=project&q=routes").await, ["src/web/routes.rs"]);
    assert_eq!(found(&server, "q=routes").await, ["project/src/web/routes.rs"]);
    assert_eq!(found(&server, "cwd=project").await, ["Größe.md", "out", "src", "src/web", "src/web/routes.rs"]);
    assert_eq!(found(&server, "cwd=project&limit=1").await.len(), 1);
    let first = &server.api("GET", "/api/files/find?cwd=project&q=e.md", "").await.json()["matches"][0];
    assert_eq!((first["kind"].as_str(), first["positions"].to_string().as_str()), (Some("file"), "[4,5,6,7]"));
    for (query, status) in [
        ("cwd=..", 403),
        ("cwd=/etc", 403),
        ("cwd=etc", 403),
        ("cwd=project/out", 403),
        ("cwd=missing", 404),
        ("cwd=project/.gitignore", 422),
        ("limit=0", 422),
        ("limit=101", 422),
        ("limit=%2B5", 422),
        ("path=.", 422),
        ("q=a&q=b", 422),
    ] {
        assert_eq!(server.api("GET", &format!("/api/files/find?{query}"), "").await.status, status, "{query}");
    }
    let long = format!("/api/files/find?q={}", "x".repeat(600));
    assert_eq!(server.api("GET", &long, "").await.status, 422);
}
