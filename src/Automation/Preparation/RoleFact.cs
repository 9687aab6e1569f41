namespace Automation.Preparation;

/// <summary>What a fact is about, in the order in which a plan tells them.</summary>
internal enum RoleFactKind
{
    /// <summary>That the role exists.</summary>
    Role,

    /// <summary>LOGIN, CONNECTION LIMIT and so on: one for each, always.</summary>
    Attribute,

    /// <summary>A setting of its sessions; <see cref="RoleFact.By"/> is the database it is for, empty for all.</summary>
    Setting,

    Comment,

    /// <summary>A role that it is a member of; <see cref="RoleFact.By"/> granted that.</summary>
    MemberOf,

    /// <summary>A role that is a member of it; <see cref="RoleFact.By"/> granted that.</summary>
    Member,

    /// <summary>A right on the database that the script ran in; <see cref="RoleFact.By"/> granted it.</summary>
    DatabaseRight,
}

/// <summary>One thing that a server's catalog says of a role. Names are quoted where SQL asks for it.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Name">Of the attribute, the setting, the other role, the right.</param>
/// <param name="By">Who granted it, or where it holds.</param>
/// <param name="Value">What may change while the rest stays.</param>
internal sealed record RoleFact(RoleFactKind Kind, string Name, string By, string Value);
