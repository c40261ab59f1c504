//! Asking the services: one request at a time, at a polite rate, again where a service is busy, and never twice for what is kept on disk.

use super::Error;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};
use ureq::Agent;

/// How to ask.
#[derive(Debug, Clone)]
pub struct Options {
    /// Base address of the Crossref REST API.
    pub crossref: String,
    /// Base address of the Europe PMC web service.
    pub europe_pmc: String,
    /// Address under which the services can write to whoever asks; Crossref serves such requests better.
    pub mail: Option<String>,
    /// Folder in which answers are kept.
    pub cache: Option<PathBuf>,
    /// Use what is kept, and ask nobody.
    pub offline: bool,
    /// Ask again for what is kept.
    pub refresh: bool,
    /// Requests a second to each service.
    pub rate: f64,
    /// How often a busy or failing service is asked again.
    pub retries: u32,
    /// Wait before the first repetition where the service names none; doubled each time.
    pub backoff: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            crossref: "https://api.crossref.org".into(),
            europe_pmc: "https://www.ebi.ac.uk/europepmc/webservices/rest".into(),
            mail: None,
            cache: None,
            offline: false,
            refresh: false,
            rate: 3.0,
            retries: 4,
            backoff: Duration::from_secs(1),
        }
    }
}

/// The services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Service {
    Crossref,
    EuropePmc,
}

impl Service {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crossref => "Crossref",
            Self::EuropePmc => "Europe PMC",
        }
    }
}

/// The longest that a service may tell us to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// The most bytes of an answer.
const MAX_ANSWER: u64 = 16 << 20;

/// Asks the services.
#[derive(Debug)]
pub struct Client {
    options: Options,
    agent: Agent,
    last: HashMap<Service, Instant>,
    asked: usize,
    kept: usize,
}

/// What came of one try.
enum Try {
    Done(Option<String>),
    /// Busy or failing: why, and when to come back.
    Later(String, Option<Duration>),
}

impl Client {
    /// A client with these options.
    pub fn new(options: Options) -> Self {
        let contact = options.mail.as_ref().map(|m| format!("; mailto:{m}")).unwrap_or_default();
        let agent = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(60)))
            .timeout_connect(Some(Duration::from_secs(15)))
            .http_status_as_error(false)
            .user_agent(format!("evigraph/{} (reference verification{contact})", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Self { options, agent, last: HashMap::new(), asked: 0, kept: 0 }
    }

    pub(super) const fn counts(&self) -> (usize, usize) {
        (self.asked, self.kept)
    }

    /// The JSON at `path` of a service, with these parameters; none where the service has nothing there.
    pub(super) fn get(&mut self, service: Service, path: &str, parameters: &[(&str, &str)]) -> Result<Option<Value>, Error> {
        let base = match service {
            Service::Crossref => &self.options.crossref,
            Service::EuropePmc => &self.options.europe_pmc,
        };
        let query: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let mut address = format!("{}{path}", base.trim_end_matches('/'));
        if !query.is_empty() {
            address = format!("{address}?{}", query.join("&"));
        }
        let file = self.options.cache.as_ref().map(|folder| kept_file(folder, &address));
        if let Some(file) = file.as_ref().filter(|_| !self.options.refresh || self.options.offline)
            && let Some(answer) = kept(file)?
        {
            self.kept += 1;
            return Ok(answer);
        }
        if self.options.offline {
            return Err(Error::Offline);
        }
        let text = self.ask(service, &address)?;
        let answer: Option<Value> = match &text {
            None => None,
            Some(text) => Some(serde_json::from_str(text).map_err(|e| Error::Answer {
                service: service.name(),
                address: address.clone(),
                message: format!("no JSON ({e})"),
            })?),
        };
        if let Some(file) = file {
            keep(&file, &address, answer.as_ref())?;
        }
        Ok(answer)
    }

    /// Asks until there is an answer or patience ends.
    fn ask(&mut self, service: Service, address: &str) -> Result<Option<String>, Error> {
        let mut wait = self.options.backoff;
        let mut tries = 0;
        loop {
            self.pause(service);
            let (why, after) = match self.once(service, address)? {
                Try::Done(text) => return Ok(text),
                Try::Later(why, after) => (why, after),
            };
            tries += 1;
            let after = after.unwrap_or(wait);
            if tries > self.options.retries || after > LONGEST_WAIT {
                let base = if service == Service::Crossref { &self.options.crossref } else { &self.options.europe_pmc };
                let message = if after > LONGEST_WAIT { format!("{why}, and it asks to wait {} s", after.as_secs()) } else { why };
                return Err(Error::Unreachable {
                    service: service.name(),
                    address: base.clone(),
                    message: format!("{message}; try again later, or work from what is kept with --offline"),
                });
            }
            sleep(after);
            wait *= 2;
        }
    }

    fn once(&mut self, service: Service, address: &str) -> Result<Try, Error> {
        self.asked += 1;
        // The contact is no part of the address under which an answer is kept.
        let full = match (&self.options.mail, service) {
            (Some(mail), Service::Crossref) => format!("{address}{}mailto={}", if address.contains('?') { "&" } else { "?" }, encode(mail)),
            _ => address.to_owned(),
        };
        let mut response = match self.agent.get(&full).header("Accept", "application/json").call() {
            Ok(response) => response,
            Err(e) => return Ok(Try::Later(e.to_string(), None)),
        };
        let status = response.status().as_u16();
        let after = response.headers().get("retry-after").and_then(|v| v.to_str().ok()).and_then(retry_after);
        match status {
            200..=299 => match response.body_mut().with_config().limit(MAX_ANSWER).read_to_string() {
                Ok(text) => Ok(Try::Done(Some(text))),
                Err(e) => Ok(Try::Later(format!("its answer broke off ({e})"), None)),
            },
            404 | 410 => Ok(Try::Done(None)),
            408 | 425 | 429 | 500..=599 => Ok(Try::Later(format!("it answers with status {status}"), after)),
            status => Err(Error::Answer {
                service: service.name(),
                address: address.to_owned(),
                message: format!("it answers with status {status}"),
            }),
        }
    }

    /// Waits until the next request is polite.
    fn pause(&mut self, service: Service) {
        let interval = Duration::from_secs_f64(1.0 / self.options.rate.clamp(0.01, 1_000.0));
        if let Some(last) = self.last.get(&service) {
            sleep(interval.saturating_sub(last.elapsed()));
        }
        self.last.insert(service, Instant::now());
    }
}

/// The wait that a header asks for, in seconds or as a date (RFC 9110, 10.2.3).
fn retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(value.trim()).ok()?.timestamp();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    Some(Duration::from_secs(u64::try_from(date.as_second()).ok()?.saturating_sub(now)))
}

/// Percent-encodes everything but unreserved characters.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

fn kept_file(folder: &std::path::Path, address: &str) -> PathBuf {
    let hash: String = Sha256::digest(address.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    folder.join(&hash[..2]).join(format!("{}.json", &hash[2..40]))
}

/// The answer that a file keeps: none where there is no file, the inner none where the service had nothing.
fn kept(file: &std::path::Path) -> Result<Option<Option<Value>>, Error> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::Cache { path: file.to_owned(), source }),
    };
    // A file that was cut off is as good as none.
    let Ok(Value::Object(mut entry)) = serde_json::from_str::<Value>(&text) else { return Ok(None) };
    Ok(entry.remove("answer").map(|answer| if answer.is_null() { None } else { Some(answer) }))
}

fn keep(file: &std::path::Path, address: &str, answer: Option<&Value>) -> Result<(), Error> {
    let failed = |source| Error::Cache { path: file.to_owned(), source };
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    // Renamed into place, so that nobody reads half of it.
    let partial = file.with_extension(format!("{}.part", std::process::id()));
    fs::write(&partial, json!({ "address": address, "answer": answer }).to_string()).map_err(failed)?;
    fs::rename(&partial, file).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_read_in_both_forms() {
        assert_eq!(retry_after(" 7 "), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert_eq!(retry_after("soon"), None);
    }

    #[test]
    fn addresses_are_encoded() {
        assert_eq!(encode("10.1000/a(1)<b>&x=y"), "10.1000%2Fa%281%29%3Cb%3E%26x%3Dy");
    }
}
