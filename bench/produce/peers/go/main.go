// The loop one writes with the AWS SDK for Go: PutRecords of 500, four at a time; the data are ready before it starts.
package main

import (
	"bytes"
	"context"
	"os"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func main() {
	endpoint := os.Args[1]
	total, _ := strconv.ParseInt(os.Args[2], 10, 64)
	size, _ := strconv.Atoi(os.Args[3])
	client := kinesis.New(kinesis.Options{
		BaseEndpoint: aws.String(endpoint),
		Region:       "us-east-1",
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	data := bytes.Repeat([]byte("x"), size)
	var next atomic.Int64
	var group sync.WaitGroup
	for worker := 0; worker < 4; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for {
				from := next.Add(500) - 500
				if from >= total {
					return
				}
				records := make([]types.PutRecordsRequestEntry, 0, 500)
				for n := from; n < min(total, from+500); n++ {
					records = append(records, types.PutRecordsRequestEntry{Data: data, PartitionKey: aws.String("k" + strconv.FormatInt(n%997, 10))})
				}
				if _, err := client.PutRecords(context.Background(), &kinesis.PutRecordsInput{StreamName: aws.String("s"), Records: records}); err != nil {
					panic(err)
				}
			}
		}()
	}
	group.Wait()
}
