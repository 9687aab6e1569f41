using Automation.Lab.Gate.Iam;

namespace Automation.Tests.Gate;

public sealed class SignatureV4Tests
{
    // The worked example of "Deriving the signing key" in AWS's Signature Version 4 documentation.
    [Fact]
    public void Sign_AwsWorkedExample_IsTheDocumentedSignature()
    {
        const string stringToSign = "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
            + "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59";

        var signature = SignatureV4.Sign("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam", stringToSign);

        Assert.Equal("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7", signature);
    }

    [Fact]
    public void CanonicalRequest_UnsortedUnencodedParameters_AreSortedByCodePointAndEncoded()
    {
        KeyValuePair<string, string>[] query = [new("b", "1"), new("a", "x y/z+é~"), new("B", "")];

        var request = SignatureV4.CanonicalRequest("db.example:5432", query);

        Assert.Equal(
            "GET\n/\nB=&a=x%20y%2Fz%2B%C3%A9~&b=1\nhost:db.example:5432\n\nhost\n"
            + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", request);
    }

    [Fact]
    public void StringToSign_Request_HoldsAlgorithmTimeScopeAndHash() =>
        Assert.Equal(
            "AWS4-HMAC-SHA256\n20240506T230000Z\n20240506/eu-west-1/rds-db/aws4_request\n"
            + "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            SignatureV4.StringToSign("20240506T230000Z", "20240506/eu-west-1/rds-db/aws4_request", "abc"));
}
