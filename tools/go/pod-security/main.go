// pod-security checks pods as the API server's own admission does: the same library, without a server.
//
// It reads a JSON array of pods ({"name": ..., "metadata": ..., "spec": ...}) from standard input and a Pod Security
// Standard as its argument, and writes a JSON array of violations ({"name": ..., "check": ..., "detail": ...}).
package main

import (
	"encoding/json"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type pod struct {
	Name     string            `json:"name"`
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     corev1.PodSpec    `json:"spec"`
}

type violation struct {
	Name   string `json:"name"`
	Check  string `json:"check"`
	Detail string `json:"detail"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "pod-security:", err)
		os.Exit(2)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return fmt.Errorf("usage: pod-security LEVEL < pods.json")
	}
	level, err := api.ParseLevel(os.Args[1])
	if err != nil {
		return err
	}
	var pods []pod
	if err := json.NewDecoder(os.Stdin).Decode(&pods); err != nil {
		return err
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return err
	}
	found := []violation{}
	standard := api.LevelVersion{Level: level, Version: api.LatestVersion()}
	for _, each := range pods {
		for _, result := range evaluator.EvaluatePod(standard, &each.Metadata, &each.Spec) {
			if !result.Allowed {
				found = append(found, violation{each.Name, result.ForbiddenReason, result.ForbiddenDetail})
			}
		}
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}
