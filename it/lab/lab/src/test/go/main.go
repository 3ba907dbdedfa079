// Uses EC2 by the environment alone, as any program with the AWS SDK for Go does.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/smithy-go"
)

func main() {
	ctx := context.Background()
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	client := ec2.NewFromConfig(settings)
	found, err := client.DescribeInstances(ctx, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, reservation := range found.Reservations {
		for _, instance := range reservation.Instances {
			fmt.Println(*instance.InstanceId)
		}
	}
	var refusal smithy.APIError
	if _, err = client.DescribeVpcs(ctx, nil); errors.As(err, &refusal) {
		fmt.Println(refusal.ErrorCode())
	}
}
