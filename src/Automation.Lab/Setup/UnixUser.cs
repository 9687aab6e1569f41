using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Automation.Lab.Setup;

/// <summary>A user of this machine.</summary>
internal sealed partial record UnixUser(string Name, int UserId, int GroupId)
{
    public bool IsRoot => UserId == 0;

    /// <summary>
    /// Whom servers run as that refuse root (PostgreSQL): <c>null</c> = as ourselves, when we are not root.
    /// </summary>
    /// <exception cref="InvalidOperationException">We are root and there is no other user to be.</exception>
    public static UnixUser? ForServers()
    {
        if (!Environment.IsPrivilegedProcess) return null;
        var users = ReadAll();
        return users.FirstOrDefault(u => u.Name == "postgres") ?? users.FirstOrDefault(u => u.Name == "nobody")
            ?? throw new InvalidOperationException(
                "PostgreSQL refuses to run as root, and this machine has neither a user 'postgres' nor 'nobody'. "
                + "Run the lab as an ordinary user.");
    }

    /// <summary>Makes this user the owner of a file or folder; a link is changed itself, not what it names.</summary>
    public void Own(string path)
    {
        if (ChangeOwner(path, UserId, GroupId) != 0)
            throw new IOException($"Cannot give {path} to {Name}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
    }

    private static List<UnixUser> ReadAll()
    {
        var users = new List<UnixUser>();
        foreach (var line in File.ReadLines("/etc/passwd"))
        {
            if (line.Split(':') is [var name, _, var user, var group, ..])
                users.Add(new(name, int.Parse(user, CultureInfo.InvariantCulture), int.Parse(group, CultureInfo.InvariantCulture)));
        }
        return users;
    }

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, int userId, int groupId);
}
