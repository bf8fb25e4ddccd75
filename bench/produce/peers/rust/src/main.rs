// The loop one writes with the AWS SDK for Rust: PutRecords of 500, four at a time; the data are ready before it starts.
use aws_credential_types::Credentials;
use aws_sdk_kinesis::config::{BehaviorVersion, Region};
use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::PutRecordsRequestEntry;
use aws_sdk_kinesis::{Client, Config};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

const BATCH: u64 = 500;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let mut arg = || args.next().expect("ENDPOINT TOTAL SIZE");
    let (endpoint, total, size) = (arg(), arg().parse::<u64>()?, arg().parse::<usize>()?);
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .credentials_provider(Credentials::from_keys("test", "test", None))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let client = Client::from_conf(config);
    let next = Arc::new(AtomicU64::new(0));
    let data = Blob::new(vec![b'x'; size]);
    let workers = (0..4).map(|_| {
        let (client, next, data) = (client.clone(), next.clone(), data.clone());
        tokio::spawn(async move {
            loop {
                let from = next.fetch_add(BATCH, Ordering::Relaxed);
                if from >= total {
                    return;
                }
                let entry = |n: u64| {
                    let key = format!("k{}", n % 997);
                    PutRecordsRequestEntry::builder().data(data.clone()).partition_key(key).build().expect("both are set")
                };
                let records = (from..total.min(from + BATCH)).map(entry).collect();
                client.put_records().stream_name("s").set_records(Some(records)).send().await.expect("an answer");
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await?;
    }
    Ok(())
}
