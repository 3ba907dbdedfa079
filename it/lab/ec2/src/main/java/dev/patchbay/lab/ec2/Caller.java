package dev.patchbay.lab.ec2;

/**
 * Somebody who calls EC2.
 *
 * @param name shown in records and refusals
 * @param policy what it may do
 */
public record Caller(String name, Policy policy) {}
