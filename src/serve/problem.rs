//! What a client is told when a request is refused or fails: a status and a sentence that says what to do.

use crate::{check, export, query, review, store};
use axum::http::header::{ALLOW, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// A refusal or failure, as the client is told it.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// What is wrong and what to do, for people.
    pub message: String,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem with this status and message.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), header: None }
    }

    /// 400: the request makes no sense as it is.
    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 404.
    pub fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 500: something broke that is not the client's doing.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// 503: as much runs as may; come again.
    pub(super) fn busy(what: &str) -> Self {
        let message = format!("the server is busy: {what}; try again in a moment");
        Self { header: Some((RETRY_AFTER, HeaderValue::from_static("1"))), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, message) }
    }

    /// 504: a query took longer than it may.
    pub(super) fn timeout(time: Duration) -> Self {
        Self::from(store::Error::Timeout(time))
    }

    /// 401: only who has the token may write.
    pub(super) fn token() -> Self {
        let message = "writing needs the server's token: send it as `Authorization: Bearer TOKEN`";
        let challenge = HeaderValue::from_static("Bearer realm=\"evigraph\"");
        Self { header: Some((WWW_AUTHENTICATE, challenge)), ..Self::new(StatusCode::UNAUTHORIZED, message) }
    }

    /// 405, with the methods that there are.
    pub(super) fn method(allowed: &'static str) -> Self {
        let message = format!("this method is not known here; there are {allowed}");
        Self { header: Some((ALLOW, HeaderValue::from_static(allowed))), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, message) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        let mut response = (self.status, [(CONTENT_TYPE, text)], format!("{}\n", self.message)).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        // Pages show it in their own frame.
        response.extensions_mut().insert(Told(self.message));
        response
    }
}

/// The message of a problem, kept with its response.
#[derive(Debug, Clone)]
pub(super) struct Told(pub(super) String);

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        use store::Error as E;
        let status = match &error {
            E::Syntax(_) | E::UnboundPath(_) | E::UnknownParameter { .. } | E::TwoDatasets => StatusCode::BAD_REQUEST,
            E::NotAllowed(_) => StatusCode::FORBIDDEN,
            E::Fetch { .. } => StatusCode::BAD_GATEWAY,
            E::Timeout(_) => StatusCode::GATEWAY_TIMEOUT,
            E::Cancelled => StatusCode::SERVICE_UNAVAILABLE,
            E::Evaluation(e) => return Self::evaluation(&error, e),
            E::Update(e) => return Self::update(&error, e),
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, error.to_string())
    }
}

impl Problem {
    fn evaluation(told: &store::Error, error: &oxigraph::sparql::QueryEvaluationError) -> Self {
        use oxigraph::sparql::QueryEvaluationError as E;
        match error {
            E::Service(e) => Self::service(told, e.as_ref()),
            E::UnboundService | E::InvalidServiceName(_) | E::UnsupportedCustomFunction(_) => Self::bad(told.to_string()),
            _ => Self::internal(told.to_string()),
        }
    }

    fn update(told: &store::Error, error: &oxigraph::sparql::UpdateEvaluationError) -> Self {
        use oxigraph::sparql::UpdateEvaluationError as E;
        match error {
            E::Service(e) => Self::service(told, e.as_ref()),
            E::GraphAlreadyExists(_) | E::GraphDoesNotExist(_) => Self::new(StatusCode::CONFLICT, told.to_string()),
            E::UnboundService | E::InvalidServiceName(_) => Self::bad(told.to_string()),
            _ => Self::internal(told.to_string()),
        }
    }

    /// A SERVICE that was refused or failed: the store's own error lies inside the engine's.
    fn service(told: &store::Error, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut cause = Some(error);
        while let Some(e) = cause {
            match e.downcast_ref::<store::Error>() {
                Some(store::Error::NotAllowed(_)) => return Self::new(StatusCode::FORBIDDEN, e.to_string()),
                Some(_) => return Self::new(StatusCode::BAD_GATEWAY, e.to_string()),
                None => cause = e.source(),
            }
        }
        Self::new(StatusCode::BAD_GATEWAY, told.to_string())
    }
}

impl From<export::Error> for Problem {
    fn from(error: export::Error) -> Self {
        match error {
            export::Error::Store(e) => Self::from(e),
            export::Error::UnknownTable { .. } => Self::missing(error.to_string()),
            export::Error::Io(_) | export::Error::TableHeader { .. } | export::Error::NoRows => Self::internal(error.to_string()),
            other => Self::bad(other.to_string()),
        }
    }
}

impl From<check::Error> for Problem {
    fn from(error: check::Error) -> Self {
        match error {
            check::Error::Store(e) => Self::from(e),
            check::Error::Export(e) => Self::from(e),
            other => Self::internal(other.to_string()),
        }
    }
}

impl From<review::Error> for Problem {
    fn from(error: review::Error) -> Self {
        match error {
            review::Error::Store(e) => Self::from(e),
            review::Error::Export(e) => Self::from(e),
            review::Error::UnknownClaim(_) => Self::missing(error.to_string()),
            review::Error::NoCurator => Self::bad("nobody is named as curator: sign in with a name or an ORCID"),
            other => Self::bad(other.to_string()),
        }
    }
}

impl From<query::Error> for Problem {
    fn from(error: query::Error) -> Self {
        match error {
            query::Error::Store(e) => Self::from(e),
            query::Error::Write(e) => Self::internal(e.to_string()),
            query::Error::UnknownQuery { .. } => Self::missing(error.to_string()),
            other => Self::bad(other.to_string()),
        }
    }
}
