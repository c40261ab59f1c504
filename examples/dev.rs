//! dev
use evigraph::{annotate::*, extract::*, graph, language::*, read, text::TextIndex};
fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let explain = args.iter().any(|a| a == "--explain");
    args.retain(|a| a != "--explain");
    let lex = std::env::var("EVIGRAPH_LEXICON").ok().map_or_else(|| Lexicon::shipped().unwrap(), |p| Lexicon::open(p).unwrap());
    let annotator = Annotator::new(lex);
    let rules = std::env::var("RULES").ok().map_or_else(|| Rules::shipped().unwrap(), |p| Rules::open(std::path::Path::new(&p)).unwrap());
    let x = Extractor::new(annotator, rules);
    let base = graph::Base::default();
    let out = args.iter().position(|a| a == "--out").map(|i| {
        let d = args.remove(i + 1);
        args.remove(i);
        d
    });
    for path in &args {
        let bytes = std::fs::read(path).unwrap();
        let docs = match read::read(path, &bytes, None) {
            Ok(d) => d,
            Err(e) => {
                eprintln!("{e}");
                continue;
            }
        };
        let mut lines = String::new();
        for d in docs {
            let e = x.extract(&d);
            let index = TextIndex::new(&d.text);
            if explain {
                println!("TITLE {:?}", d.title);
                for s in &d.sections {
                    println!("## {:?}", s.heading);
                    for b in &s.blocks {
                        println!("  [{:?}] lead={:?}", b.kind, b.lead_in.map(|l| l.of(&d.text)));
                        for span in Engine::shipped().sentences(&d.text, b.span) {
                            println!("  S: {}", span.of(&d.text).replace('\n', " "));
                            let skip: Vec<_> = d.citations_in(b.span).iter().map(|c| c.span).collect();
                            for sen in Engine::shipped().analyse_without(&d.text, span, &skip) {
                                let p: Vec<String> = sen
                                    .tokens
                                    .iter()
                                    .enumerate()
                                    .map(|(i, t)| {
                                        format!("{}.{}/{}/{}>{}", i, t.span.of(&d.text), t.tag, t.relation, t.head.map_or(-1, |h| h as i64))
                                    })
                                    .collect();
                                println!("     {}", p.join(" "));
                            }
                            let ms: Vec<String> = e
                                .mentions
                                .iter()
                                .filter(|m| span.contains(m.span))
                                .map(|m| format!("{}={}", m.text, m.entity.id.as_deref().unwrap_or("-")))
                                .collect();
                            println!("     M: {}", ms.join(" | "));
                            for c in e.claims.iter().filter(|c| c.quote.overlaps(span)) {
                                match &c.assertion {
                                    Assertion::Mechanism { subject, relation, object, aspect } => println!(
                                        "     => {} --{:?}{}--> {} [{:?}] {:?} via {:?} cite {:?} cond {:?} rule {} {:?}",
                                        subject.text,
                                        relation,
                                        if c.negated { " NOT" } else { "" },
                                        object.text,
                                        aspect,
                                        c.certainty,
                                        c.via.iter().map(|v| &v.text).collect::<Vec<_>>(),
                                        c.citations,
                                        c.condition.as_ref().map(|c| &c.text),
                                        c.rule,
                                        c.source_status
                                    ),
                                    Assertion::Outcome { intervention, outcome, measurement: m } => println!(
                                        "     => O {} {:?} {:?} {:?} {:?} time {:?} cmp {:?} p {:?} int {:?} cite {:?} rule {}",
                                        outcome.text,
                                        m.measure,
                                        m.value,
                                        m.unit,
                                        m.direction,
                                        m.time,
                                        m.comparator,
                                        m.p_value,
                                        intervention.as_ref().map(|i| &i.text),
                                        c.citations,
                                        c.rule
                                    ),
                                }
                            }
                        }
                    }
                }
            }
            for c in &e.claims {
                lines.push_str(&graph::claim_line(&d, c, &index, &base).to_string());
                lines.push('\n');
            }
        }
        if let Some(dir) = &out {
            let name = std::path::Path::new(path).file_stem().unwrap().to_string_lossy().to_string();
            std::fs::write(format!("{dir}/{name}.jsonl"), lines).unwrap();
        } else if !explain {
            print!("{lines}");
        }
    }
}
