//! The workbench: every page answers, escapes what articles say, and gives the same rows to look at and to download.

use super::*;
use crate::fixture::{Article, clinic};
use evigraph::extract::Relation;

const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> javascript:alert(3)";

/// The clinic's page, one by somebody who means harm, and one about the same two things.
fn articles() -> Store {
    let store = Store::memory().expect("a store");
    clinic().read_into(&store);
    Article::new("other.md")
        .reference("1", "Sato (2020). Cells. doi:10.5555/other.1")
        .says("Stem cells lower IL-6 [1].", ("stem cells", Relation::Decreases, "IL-6"), &["1"], |_| {})
        .measures("Pain fell by 30 % after 6 months.", "pain", 30.0, 6.0, &[])
        .measures("Pain fell by 40 % after 12 months.", "pain", 40.0, 12.0, &[])
        .read_into(&store);
    let mut hostile = Article::new("hostile.md").reference("1", &format!("{HOSTILE} (2020)."));
    hostile.document.title = Some(HOSTILE.to_owned());
    hostile.says(HOSTILE, (HOSTILE, Relation::Increases, "pain"), &["1"], |_| {}).read_into(&store);
    store
}

fn page(server: &Running, path: &str) -> String {
    let answer = get(&server.url(path), &[("accept", "text/html")]);
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"), "{path}: {}", answer.text());
    answer.text()
}

/// The value of every attribute `name` of a page.
fn attributes(html: &str, name: &str) -> Vec<String> {
    html.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.replace("&amp;", "&"))).collect()
}

/// Every link of the page to this server.
fn links(html: &str) -> Vec<String> {
    attributes(html, "href").into_iter().filter(|l| l.starts_with('/')).collect()
}

/// The first link that begins so.
fn link(html: &str, begin: &str) -> String {
    links(html).into_iter().find(|l| l.starts_with(begin)).unwrap_or_else(|| panic!("no link to {begin} in {html}"))
}

/// The rows of CSV, header left out.
fn rows(csv: &str) -> usize {
    csv::Reader::from_reader(csv.as_bytes()).records().inspect(|row| assert!(row.is_ok(), "{row:?}")).count()
}

#[test]
fn every_link_of_every_page_leads_somewhere() {
    let server = Running::start(articles(), |_| {});
    let mut open = vec!["/".to_owned()];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(path) = open.pop() {
        if path.starts_with("/sparql") || !seen.insert(path.clone()) || seen.len() > 600 {
            continue;
        }
        let answer = get(&server.url(&path), &[("accept", "text/html,*/*")]);
        assert!(matches!(answer.status, 200 | 303), "{path}: {} {}", answer.status, answer.text());
        if answer.header("content-type").starts_with("text/html") {
            open.extend(links(&answer.text()).into_iter().map(|l| l.split('#').next().unwrap_or_default().to_owned()));
        }
    }
    for kind in [
        "/claim/",
        "/article/",
        "/entity/",
        "/claims.csv",
        "/claims.json",
        "/claims.ttl",
        "/gaps?",
        "/query?name=",
        "/query?table=",
        "/graph.json",
    ] {
        assert!(seen.iter().any(|s| s.starts_with(kind)), "nothing leads to {kind}");
    }
}

#[test]
fn pages_hold_no_script_of_their_own_and_no_word_of_an_article_is_markup() {
    let server = Running::start(articles(), writable);
    let hostile = link(&page(&server, "/articles?q=onerror"), "/article/");
    let claim = link(&page(&server, &hostile), "/claim/");
    let query = format!("/query?query={}", encoded("SELECT ?t { ?a dcterms:title ?t }"));
    let search = format!("/search?q={}", encoded("<script> pain"));
    for path in [
        "/",
        "/gaps",
        "/claims",
        "/outcomes",
        "/articles",
        "/entities",
        "/references",
        "/graph",
        "/schema",
        "/runs",
        "/login",
        &hostile,
        &claim,
        &query,
        &search,
    ] {
        let html = page(&server, path);
        for part in html.split("<script").skip(1) {
            assert!(part.starts_with(" type=\"module\" src=\"/assets/"), "{path}: <script{}", &part[..part.len().min(80)]);
        }
        for forbidden in ["<img", "<style", " style=\"", " onclick", " onerror=\"", "<iframe"] {
            assert!(!html.contains(forbidden), "{path} holds {forbidden}");
        }
        for target in attributes(&html, "href").iter().chain(&attributes(&html, "src")).chain(&attributes(&html, "action")) {
            let fits =
                target.starts_with('/') || target.starts_with('#') || target.starts_with("https://") || target.starts_with("http://");
            assert!(fits, "{path} leads to {target}");
        }
        assert!(attributes(&html, "src").iter().all(|s| s.starts_with("/assets/")), "{path} loads from elsewhere");
    }
    assert!(page(&server, &hostile).contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[test]
fn facets_narrow_the_rows_and_downloads_hold_the_same() {
    let server = Running::start(articles(), |_| {});
    let lines = |path: &str| page(&server, path).matches("<tr data-row").count();
    for asked in [
        "",
        "?relation=evi:decreases",
        "?relation=evi:decreases&q=lower",
        "?subject_label=IL6",
        "?source_status=unsourced",
        "?subject=CL:0000134",
    ] {
        let shown = lines(&format!("/claims{asked}"));
        let csv = get(&server.url(&format!("/claims.csv{asked}")), &[]);
        assert_eq!((rows(&csv.text()), csv.header("content-type")), (shown, "text/csv; charset=utf-8"), "{asked}");
        let json: Vec<serde_json::Value> =
            serde_json::from_slice(&get(&server.url(&format!("/claims.json{asked}")), &[]).body).expect("JSON");
        assert_eq!(json.len(), shown, "{asked}");
    }
    assert_eq!((lines("/claims?relation=evi:decreases"), lines("/claims?q=nowhere")), (2, 0));
    assert_eq!((lines("/outcomes?measure=change&unit=%25"), lines("/outcomes?since=2025")), (3, 0));
    let outcomes = page(&server, "/outcomes");
    assert!(
        outcomes.contains("<svg viewBox") && outcomes.contains("↓\u{a0}30\u{a0}%") && outcomes.matches("<circle").count() >= 3,
        "{outcomes}"
    );
    let sorted = page(&server, "/claims?sort=-confidence");
    assert!(sorted.contains("aria-sort=\"descending\""));
    assert_eq!(get(&server.url("/claims?colour=red"), &[]).status, 400);
    let gaps = get(&server.url("/gaps.csv?level=error"), &[]).text();
    assert!(gaps.starts_with("finding_id,check,level,") && gaps.lines().skip(1).all(|l| l.contains(",error,")), "{gaps}");
    let ttl = get(&server.url("/claims.ttl?relation=evi:decreases"), &[]).text();
    assert!(ttl.contains("evi:decreases") && !ttl.contains("HGNC:1033"), "{ttl}");
}

#[test]
fn things_are_given_as_rdf_by_extension_and_by_wish() {
    let server = Running::start(articles(), |_| {});
    let claim = link(&page(&server, "/claims?relation=evi:decreases"), "/claim/");
    let article = link(&page(&server, &claim), "/article/");
    for (path, word) in [
        (claim.as_str(), "rdf:predicate"),
        (article.split('#').next().unwrap_or_default(), "evi:contentHash"),
        ("/entity/HGNC:6018", "rdfs:label"),
    ] {
        let by_extension = get(&server.url(&format!("{path}.ttl")), &[]);
        assert_eq!((by_extension.status, by_extension.header("content-type")), (200, "text/turtle; charset=utf-8"), "{path}");
        assert!(by_extension.text().contains(word), "{path}: {}", by_extension.text());
        let by_wish = get(&server.url(path), &[("accept", "application/ld+json")]);
        assert_eq!((by_wish.status, by_wish.header("content-type")), (200, "application/ld+json"), "{path}");
        assert!(serde_json::from_slice::<serde_json::Value>(&by_wish.body).is_ok());
    }
    for path in [
        "/claim/ffff",
        "/claim/ffff.ttl",
        "/article/doi:10.5555/none",
        "/article/doi:10.5555/none.nt",
        "/entity/HGNC:1",
        "/entity/HGNC:1.ttl",
        "/entity/x",
    ] {
        assert_eq!(get(&server.url(path), &[]).status, 404, "{path}");
    }
    let as_page = get(&server.url("/claim/ffff"), &[("accept", "text/html")]);
    assert!(as_page.status == 404 && as_page.text().contains("role=\"alert\""));
}

#[test]
fn a_query_shows_labels_limits_and_the_line_that_is_wrong() {
    let server = Running::start(articles(), |_| {});
    let asked = |text: &str| get(&server.url(&format!("/query?query={}", encoded(text))), &[("accept", "text/html")]);
    let found = asked("SELECT ?s ?o { ?c rdf:subject ?s ; rdf:object ?o }").text();
    assert!(found.contains("IL6") && found.contains("HGNC:6018") && found.contains("/entity/HGNC:6018"), "{found}");
    let many = asked("SELECT ?a ?b ?c { ?a rdf:type ?x . ?b rdf:type ?y . ?c rdf:type evi:Claim }").text();
    assert!(many.contains("First 1,000 of "), "no limit is told");
    let wrong = asked("SELECT ?s {\n  ?s rdfs:label ?l .\n  FLITER(?l)\n}");
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("<mark>3 | "), "{}", wrong.text());
    assert!(asked("ASK { ?c a evi:Claim }").text().contains("Yes."));
    assert!(asked("CONSTRUCT { ?s rdfs:label ?l } { ?s rdfs:label ?l ; a evi:Entity }").text().contains("predicate"));
    assert_eq!(asked("SELECT * { SERVICE <http://192.0.2.1/> { ?s ?p ?o } }").status, 400);
    let named = page(&server, "/query?name=reference-uses");
    assert!(named.contains("name=\"p."), "{named}");
    let table = page(&server, "/query?table=claims&relation=evi%3Adecreases");
    assert!(table.contains("FILTER(?relation = &lt;https://w3id.org/evigraph/ontology#decreases&gt;)"), "{table}");
    let complete: serde_json::Value = serde_json::from_slice(&get(&server.url("/complete.json?q=il"), &[]).body).expect("JSON");
    assert_eq!(complete["entities"][0]["name"], "HGNC:6018");
    let vocabulary = get(&server.url("/complete.json"), &[]).text();
    assert!(vocabulary.contains("evi:sourceStatus") && vocabulary.contains("evi:Claim"));
}

/// What a browser sends with a form, once signed in.
fn form(server: &Running, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let body: Vec<String> = fields.iter().map(|(n, v)| format!("{n}={}", encoded(v))).collect();
    post(&server.url(path), "application/x-www-form-urlencoded", &[("origin", &server.url("")), ("cookie", cookie)], &body.join("&"))
}

/// Signs in as a browser does, and gives the cookies.
fn sign_in(server: &Running) -> String {
    let answer = form(server, "/login", "", &[("token", TOKEN), ("curator", "Ada"), ("back", "/gaps")]);
    assert_eq!((answer.status, answer.header("location")), (303, "/gaps"));
    let cookies: Vec<String> = answer.headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok()).map(str::to_owned).collect();
    assert!(cookies.iter().all(|c| c.contains("HttpOnly") && c.contains("SameSite=Strict")), "{cookies:?}");
    cookies.iter().filter_map(|c| c.split(';').next()).collect::<Vec<_>>().join("; ")
}

#[test]
fn gaps_are_decided_in_place_by_who_is_signed_in() {
    let server = Running::start(articles(), writable);
    let csv = |path: &str| get(&server.url(path), &[]).text();
    assert_eq!(form(&server, "/login", "", &[("token", "a wrong token for this"), ("curator", "Eve")]).status, 403);
    let cookie = sign_in(&server);
    let gap = "/gaps.csv?check=claim-without-citation";
    let before = rows(&csv(gap));
    let first = csv(gap).lines().nth(1).map(str::to_owned).expect("a gap");
    let claim = first.split(',').nth(4).expect("a claim").to_owned();
    let decide = |verdict: &str, more: &[(&str, &str)]| {
        let all: Vec<_> = [("verdict", verdict), ("thing", claim.as_str()), ("back", "/gaps?level=warn")]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        form(&server, "/curate", &cookie, &all)
    };
    // Without the cookie, from another page, or with what is no identifier, nothing is decided.
    assert_eq!(form(&server, "/curate", "", &[("verdict", "accepted"), ("thing", &claim)]).status, 401);
    let foreign = post(&server.url("/curate"), "application/x-www-form-urlencoded", &[("cookie", &cookie)], "verdict=accepted");
    assert_eq!(foreign.status, 403);
    assert_eq!(decide("sourced", &[("doi", "nonsense")]).status, 400);
    let sourced = decide("sourced", &[("doi", "10.5555/added.7")]);
    assert_eq!(sourced.status, 303);
    assert!(sourced.header("location").starts_with("/gaps?level=warn&done="), "{}", sourced.header("location"));
    assert_eq!(rows(&csv(gap)), before - 1);
    let told = get(&server.url(sourced.header("location")), &[("cookie", &cookie), ("accept", "text/html")]).text();
    assert!(told.contains("Kept: ") && told.contains(">Undo<"), "{told}");
    let hash = claim.rsplit('/').next().expect("a hash");
    let shown = page(&server, &format!("/claim/{hash}"));
    assert!(shown.contains("doi:10.5555/added.7") && shown.contains("by Ada"), "{shown}");
    assert_eq!(decide("undone", &[]).status, 303);
    assert_eq!(rows(&csv(gap)), before);
    assert_eq!(decide("rejected", &[("reason", "wrong_relation")]).status, 303);
    assert_eq!((rows(&csv("/claims.csv?decision=rejected")), rows(&csv(gap))), (1, before - 1));
    assert_eq!(decide("corrected", &[("subject", "HGNC:6018"), ("relation", "increases"), ("object", "Pain")]).status, 303);
    assert!(page(&server, &format!("/claim/{hash}")).contains("IL6 increases"));
    let finding = first.split(',').next().expect("a finding").to_owned();
    assert_eq!(form(&server, "/curate", &cookie, &[("verdict", "waived"), ("thing", &finding), ("comment", "known")]).status, 303);
    let runs = page(&server, "/runs");
    assert!(runs.contains("waived") && runs.contains("wrong relation") && runs.contains("Ada"));
    let away = form(&server, "/login", "", &[("token", TOKEN), ("curator", "Ada"), ("back", "//evil.example")]);
    assert_eq!(away.header("location"), "/");
    let readonly = Running::start(articles(), |_| {});
    assert_eq!(form(&readonly, "/curate", &cookie, &[("verdict", "accepted"), ("thing", &claim)]).status, 403);
    assert!(!page(&readonly, "/gaps").contains("<form method"));
}

#[test]
fn an_article_is_added_from_the_page_and_its_text_shown_with_claims() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Running::start(Store::create(&folder.path().join("store"), None).expect("a store"), writable);
    let cookie = sign_in(&server);
    assert!(page(&server, "/").contains("evigraph ingest"));
    let text = "# On a tendon\n\nMesenchymal stem cells suppress IL-6 in the tendon [1]. &lt;script&gt;alert(1)&lt;/script&gt; stays text.\n\n## References\n\n1. Mori A. Cells. 2021. doi:10.5555/cuff.1\n";
    let body = format!("--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"../a b.md\"\r\n\r\n{text}\r\n--x--\r\n");
    let upload = |cookie: &str| {
        post(&server.url("/upload"), "multipart/form-data; boundary=x", &[("origin", &server.url("")), ("cookie", cookie)], &body)
    };
    assert_eq!(upload("").status, 401);
    let state = upload(&cookie).header("location").to_owned();
    assert!(state.starts_with("/upload/"), "{state}");
    let mut answer = get(&server.url(&state), &[]);
    for _ in 0..600 {
        if answer.status != 200 || answer.header("refresh").is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
        answer = get(&server.url(&state), &[]);
    }
    assert_eq!(answer.status, 303, "{}", answer.text());
    let article = answer.header("location").to_owned();
    let shown = page(&server, &article);
    assert!(shown.contains("class=\"said\"") && shown.contains("&lt;script&gt;alert(1)") && !shown.contains("<script>alert"), "{shown}");
    // Both ways: the quote leads to the list, the list to the quote.
    let to_list: Vec<String> = attributes(&shown, "href").into_iter().filter(|l| l.starts_with("#c-")).collect();
    assert!(!to_list.is_empty() && to_list.iter().all(|l| shown.contains(&format!(" id=\"{}\"", &l[1..]))), "{to_list:?}");
    let to_text: Vec<String> = attributes(&shown, "href").into_iter().filter(|l| l.starts_with("#t-")).collect();
    assert!(!to_text.is_empty() && to_text.iter().all(|l| shown.contains(&format!(" id=\"{}\"", &l[1..]))), "{to_text:?}");
    // A file that is no longer what was read is not shown.
    let kept = std::fs::read_dir(folder.path().join("store/articles")).expect("the folder").next().expect("a file").expect("a file").path();
    assert!(kept.to_string_lossy().ends_with("a-b.md"), "{}", kept.display());
    server.stop.stop();
    let secret = folder.path().join("secret.txt");
    std::fs::write(&secret, "Nobody should read this sentence on secrets.").expect("a file");
    let store = Store::memory().expect("a store");
    clinic().read_into(&store);
    store.update(&format!("DELETE {{ GRAPH ?g {{ ?a dcterms:source ?s }} }} INSERT {{ GRAPH ?g {{ ?a dcterms:source \"{}\" }} }} WHERE {{ GRAPH ?g {{ ?a a evi:Article ; dcterms:source ?s }} }}", secret.display())).expect("an update");
    let server = Running::start(store, |_| {});
    let shown = page(&server, &link(&page(&server, "/articles"), "/article/"));
    assert!(!shown.contains("Nobody should read") && shown.contains("quotes of its claims"), "{shown}");
}

#[test]
fn an_empty_store_has_pages_too() {
    let server = Running::start(Store::memory().expect("a store"), |_| {});
    for path in [
        "/",
        "/gaps",
        "/claims",
        "/outcomes",
        "/articles",
        "/entities",
        "/references",
        "/graph",
        "/schema",
        "/runs",
        "/query",
        "/search?q=x",
        "/upload",
        "/login",
    ] {
        page(&server, path);
    }
    assert!(page(&server, "/").contains("evigraph check"));
    assert_eq!(get(&server.url("/claims.json"), &[]).text(), "[\n]\n");
    let style = get(&server.url("/assets/style.css"), &[]);
    let again = get(&server.url("/assets/style.css"), &[("if-none-match", style.header("etag"))]);
    assert_eq!((style.status, again.status, again.body.len()), (200, 304, 0));
}
