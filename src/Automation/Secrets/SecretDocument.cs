using System.Text;
using System.Text.Json;
using Automation.Telemetry;

namespace Automation.Secrets;

/// <summary>The JSON of a database secret: what we read of it, and the text it came from, which we rewrite and never remake.</summary>
internal sealed class SecretDocument
{
    private readonly string json;
    private readonly (Range Username, Range Password) places;

    private SecretDocument(string json, Range username, Range password) => (this.json, places) = (json, (username, password));

    /// <summary><c>postgres</c> or <c>aurora-postgresql</c>.</summary>
    public required string Engine { get; init; }

    public required string Host { get; init; }
    public required int Port { get; init; }
    public required string Database { get; init; }
    public required string Username { get; init; }
    public required Concealed Password { get; init; }

    /// <summary>The secret of the role that sets the passwords (<c>masterarn</c>).</summary>
    public required string? AdministratorArn { get; init; }

    /// <summary>Whether <c>DATABASE_USER</c> sets the passwords, with an IAM token.</summary>
    public required bool IamAdministrator { get; init; }

    /// <summary>The two roles that take turns, <see cref="Username"/> among them.</summary>
    public required IReadOnlyList<string>? Usernames { get; init; }

    public required string? InstanceId { get; init; }
    public required string? ClusterId { get; init; }

    /// <summary>Reads a secret.</summary>
    /// <returns>The secret, or <c>null</c> with the first fault.</returns>
    public static SecretDocument? Read(string json, out SecretFault? fault)
    {
        var members = SecretMembers.Read(json, "engine", "host", "port", "dbname", "username", "password", "masterarn",
            "administrator", "usernames", "ssl", "dbInstanceIdentifier", "dbClusterIdentifier");
        var username = members.Username();
        var password = members.Password();
        members.Ssl();
        var engine = members.Engine();
        var host = members.Host();
        var port = members.Port();
        var database = members.Database();
        var administratorArn = members.AdministratorArn();
        var iamAdministrator = members.IamAdministrator();
        var usernames = members.Usernames(username);
        var instanceId = members.Identifier("dbInstanceIdentifier");
        var clusterId = members.Identifier("dbClusterIdentifier");
        fault = members.Fault;
        return fault is not null ? null : new SecretDocument(json, members.PlaceOf("username"), members.PlaceOf("password"))
        {
            Engine = engine,
            Host = host,
            Port = port,
            Database = database,
            Username = username,
            Password = password,
            AdministratorArn = administratorArn,
            IamAdministrator = iamAdministrator,
            Usernames = usernames,
            InstanceId = instanceId,
            ClusterId = clusterId,
        };
    }

    /// <summary>
    /// The same text with another user and password. Every other byte stays, as members that we do not know belong to the
    /// secret's owner. The same arguments give the same text: PutSecretValue takes a token twice only with equal bytes.
    /// </summary>
    /// <exception cref="ArgumentException">One of the two is not valid text.</exception>
    public string With(string username, Concealed password)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var first = (Place: places.Username, Token: Token(username));
        var second = (Place: places.Password, Token: Token(password.Value));
        if (first.Place.Start.Value > second.Place.Start.Value) (first, second) = (second, first);
        return Encoding.UTF8.GetString(
        [
            .. text[..first.Place.Start], .. first.Token,
            .. text[first.Place.End..second.Place.Start], .. second.Token, .. text[second.Place.End..],
        ]);
    }

    /// <summary>Whose secret it is, on one line; nothing of what is secret in it.</summary>
    public override string ToString() => Printable.Line($"{Engine} {Username}@{Host}:{Port}/{Database}");

    // The default encoder writes pure ASCII, which every parser reads alike.
    private static byte[] Token(string value) => [(byte)'"', .. JsonEncodedText.Encode(value).EncodedUtf8Bytes, (byte)'"'];
}
